import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TargetAddress } from "../../core/domain/target.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { parseSessions } from "./parse-sessions.js";

const run = promisify(execFile);
/** The two ways to ask the `sessions` program; the second one where the first has no answer. */
const commands = [["live", "--json", "--once"], ["status", "--json"]];
const timeoutMs = 20_000;
const maxBytes = 16 * 1024 * 1024;

/** Panes that the sessions registry of this machine names; an empty answer of the first command is an answer. */
export async function listSessions(query: string, environment: NodeJS.ProcessEnv): Promise<TargetAddress[]> {
  const failures: string[] = [];
  for (const words of commands) {
    const name = `sessions ${words.join(" ")}`;
    try {
      const { stdout } = await run("sessions", words, { env: environment, timeout: timeoutMs, maxBuffer: maxBytes });
      const found = parseSessions(JSON.parse(stdout), query);
      if (found) return found;
      failures.push(`\`${name}\` printed JSON without a list of panes`);
    } catch (error) {
      failures.push(`\`${name}\` ${whyFailed(error)}`);
    }
  }
  throw new DispatchError("invalid_argument", `The sessions registry gave no answer: ${failures.join("; ")}.`, { metadata: { field: "sessions" } });
}

function whyFailed(error: unknown): string {
  if (error instanceof SyntaxError) return "did not print JSON";
  const { code, killed } = error as { code?: string | number; killed?: boolean };
  if (code === "ENOENT") return "is not installed";
  if (killed) return `did not end within ${timeoutMs / 1000} s`;
  return typeof code === "number" ? `ended with status ${code}` : "could not be run";
}
