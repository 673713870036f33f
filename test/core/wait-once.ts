import { pause } from "../../core/clock.js";

/** Waits for nothing but the time, and says so. */
await pause(20);
process.stdout.write("waited\n");
