import { closeSync, openSync } from "node:fs";
import { systemClock } from "../../../core/clock.js";
import { ControlClient } from "../../../node-agent/tmux/control-client.js";

/** `attach-without-descriptors.ts SOCKET`: attaches with no file descriptor left, and tells what became of it. */
const [socket = ""] = process.argv.slice(2);
const options = { clock: systemClock, environment: process.env, output: false };
const held: number[] = [];
try {
  for (;;) held.push(openSync("/dev/null", "r"));
} catch {
  // That was the last one.
}
const attached = await ControlClient.attach(socket, "$0", options).then(() => "attached", (error: unknown) => (error as Error).message);
for (const descriptor of held) closeSync(descriptor);
const again = await ControlClient.attach(socket, "$0", options);
await again.close();
process.stdout.write(`${attached}; then attached\n`);
