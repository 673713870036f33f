import { spawn } from "node:child_process";
import { sshArguments } from "../../core/ssh/ssh-arguments.js";
import { systemClock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";

const maxOutput = 1_000_000;

export interface OverSsh {
  readonly destination: string;
  /** Private; for the control master's socket. */
  readonly controlFolder: string;
}

/**
 * Runs a command on another machine to its end; its standard output. The command is fixed text, what it works on goes in by `input`. Fails
 * with `node_unreachable` and what ssh or the command said last.
 */
export function runOverSsh({ destination, controlFolder }: OverSsh, command: string, { input, timeoutMs, what }: { input: string | Buffer; timeoutMs: number; what: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", sshArguments(destination, controlFolder, command), { stdio: ["pipe", "pipe", "pipe"] });
    let [output, said] = ["", ""];
    let isLate = false;
    const cancelTimer = systemClock.after(timeoutMs, () => {
      isLate = true;
      child.kill();
    });
    child.stdout.on("data", (chunk: Buffer) => (output = (output + String(chunk)).slice(-maxOutput)));
    child.stderr.on("data", (chunk: Buffer) => (said = (said + String(chunk)).slice(-maxOutput)));
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => (said = error.message));
    child.on("close", (code) => {
      cancelTimer();
      if (code === 0) return resolve(output);
      const why = isLate ? `it took longer than ${timeoutMs / 1000} s` : said.trim().split("\n").slice(-3).join(" ") || `exit ${code ?? "by a signal"}`;
      reject(new DispatchError("node_unreachable", `${what} on ${destination} failed: ${why}`, { metadata: { destination } }));
    });
    child.stdin.end(input);
  });
}
