import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../core/clock.js";
import { ControlClient } from "../../../node-agent/tmux/control-client.js";
import { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";

/** `attach-without-descriptors.ts SOCKET`: attaches, and watches a pane, with no file descriptor left, and tells what became of it. */
const [socket = ""] = process.argv.slice(2);
const options = { clock: systemClock, environment: process.env, output: false };
const temporaryFolder = mkdtempSync(join(tmpdir(), "dispatch-descriptors-"));
const server = await TmuxServer.open(socket, { ...options, temporaryFolder });
const tried = async (attempt: Promise<unknown>): Promise<string> => attempt.then(() => "done", (error: unknown) => (error as Error).message);
const held: number[] = [];
try {
  for (;;) held.push(openSync("/dev/null", "r"));
} catch {
  // That was the last one.
}
const attached = await tried(ControlClient.attach(socket, "$0", options));
const watched = await tried(server.watchPane("%0", () => {}));
for (const descriptor of held) closeSync(descriptor);
const again = await ControlClient.attach(socket, "$0", options);
await again.close();
await server.close();
rmSync(temporaryFolder, { recursive: true });
process.stdout.write(`${attached}\n${watched}\nthen attached\n`);
