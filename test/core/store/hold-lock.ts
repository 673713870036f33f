import { acquireLock } from "../../../core/store/process-lock.js";

/** `hold-lock.ts PATH`: takes the lock, says so, and keeps it until it is killed. */
const lock = acquireLock(process.argv[2]!, 0);
process.stdout.write(lock ? "held\n" : "busy\n");
setInterval(() => undefined, 60_000);
