import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agentFolder } from "../agent-folder.js";
import { textAt, at } from "../../records/json-path.js";
import type { RecordContext } from "../../records/agent-record.js";
import type { ProcessInfo } from "../../processes/process-facts.js";

/**
 * What Claude Code writes about its own process in `sessions/<pid>.json` (2.1.197): there from the first idle screen on,
 * absent while the trust dialog is up, deleted at a clean exit. `/clear` changes the session id in it. The pid is that by which the process
 * knows itself (2.1.197 under `unshare --pid`).
 */
export interface SessionFile {
  readonly sessionId: string;
  readonly status: string;
  readonly waitingFor: string;
  readonly version: string;
  /** Milliseconds since the epoch; 0 where it does not say. */
  readonly startedAtMs: number;
  readonly statusSinceMs: number;
}

export function claudeHome(context: Pick<RecordContext, "environment" | "process">): string {
  return agentFolder(context, "CLAUDE_CONFIG_DIR", ".claude");
}

export function sessionFilePath(home: string, pid: number): string {
  return join(home, "sessions", `${pid}.json`);
}

/** Undefined where there is none, where it is half written, or where an earlier process of this pid left it. */
export function readSessionFile(home: string, process: Pick<ProcessInfo, "started">, pid: number): SessionFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(sessionFilePath(home, pid), "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const sessionId = textAt(value, "sessionId");
  if (!sessionId) return undefined;
  const started = at(value, "procStart");
  if ((typeof started === "string" || typeof started === "number") && String(started) !== String(process.started)) return undefined;
  return {
    sessionId,
    status: textAt(value, "status") ?? "",
    waitingFor: textAt(value, "waitingFor") ?? "",
    version: textAt(value, "version") ?? "",
    startedAtMs: Number(at(value, "startedAt") ?? 0),
    statusSinceMs: Number(at(value, "statusUpdatedAt") ?? 0),
  };
}
