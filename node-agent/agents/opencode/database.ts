import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";

/** Where OpenCode 1.18.33 keeps its sessions, by the agent's own environment. */
export function databasePath(environment: ReadonlyMap<string, string>): string {
  const data = environment.get("XDG_DATA_HOME") || join(environment.get("HOME") ?? "", ".local", "share");
  return join(data, "opencode", "opencode.db");
}

/** Opens it for reading, or undefined where it is not there yet. The agent's writer is never held up for long: WAL. */
export function openDatabase(path: string): Database.Database | undefined {
  if (!existsSync(path)) return undefined;
  return new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
}
