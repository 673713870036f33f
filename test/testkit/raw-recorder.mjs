// A program like an agent's composer, without the agent: raw mode, bracketed paste on; every byte it gets goes to the file in argv[2].
import { appendFileSync } from "node:fs";

process.stdin.setRawMode(true);
process.stdin.on("data", (bytes) => appendFileSync(process.argv[2], bytes));
process.stdout.write("\u001B[?2004hready");
