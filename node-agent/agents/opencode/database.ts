import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";

/**
 * Where OpenCode 1.18.33 keeps its sessions, by the agent's own environment: `OPENCODE_DB` is a path, a name in its folder of data, or
 * memory, for which there is no path. Paths that are not absolute go by the folder that it was started in.
 */
export function databasePath(environment: ReadonlyMap<string, string>, cwd: string): string | undefined {
  const named = environment.get("OPENCODE_DB") || "opencode.db";
  if (named === ":memory:") return undefined;
  const data = environment.get("XDG_DATA_HOME") || join(environment.get("HOME") ?? "", ".local", "share");
  return resolve(cwd === "" ? "/" : cwd, data, "opencode", named);
}

/** Opens it for reading, or undefined where it is not there yet. The agent's writer is never held up for long: WAL. */
export function openDatabase(path: string): Database.Database | undefined {
  if (!existsSync(path)) return undefined;
  return new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
}
