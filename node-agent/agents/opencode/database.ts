import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { RecordContext } from "../../records/agent-record.js";
import { agentFolder } from "../agent-folder.js";

/** Where OpenCode 1.18.33 keeps its sessions, by the agent's own environment. */
export function databasePath(context: Pick<RecordContext, "environment" | "process">): string {
  return join(agentFolder(context, "XDG_DATA_HOME", ".local", "share"), "opencode", "opencode.db");
}

/** Opens it for reading, or undefined where it is not there yet. The agent's writer is never held up for long: WAL. */
export function openDatabase(path: string): Database.Database | undefined {
  if (!existsSync(path)) return undefined;
  return new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
}
