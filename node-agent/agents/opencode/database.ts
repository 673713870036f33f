import { existsSync } from "node:fs";
import { resolve } from "node:path";
import Database from "better-sqlite3";
import type { RecordContext } from "../../records/agent-record.js";
import { agentFolder } from "../agent-folder.js";

/**
 * Where OpenCode 1.18.33 keeps its sessions, by the agent's own environment: `OPENCODE_DB` is a path, a name in its folder of data, or
 * memory, for which there is no path.
 */
export function databasePath(context: Pick<RecordContext, "environment" | "process">): string | undefined {
  const named = context.environment.get("OPENCODE_DB") || "opencode.db";
  return named === ":memory:" ? undefined : resolve(agentFolder(context, "XDG_DATA_HOME", ".local", "share"), "opencode", named);
}

/** Opens it for reading, or undefined where it is not there yet. The agent's writer is never held up for long: WAL. */
export function openDatabase(path: string): Database.Database | undefined {
  if (!existsSync(path)) return undefined;
  return new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
}
