import { closeSync, openSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { DispatchError } from "../errors/dispatch-error.js";

const maxCheckedBytes = 64 * 1024 * 1024;

/**
 * Opens a SQLite database of ours: 0600, WAL, forward-only numbered migrations (`user_version` counts those applied).
 * A damaged file is never overwritten: `store_corrupt` names it. A folder that cannot be written is `state_unwritable`.
 */
export function openDatabase(path: string, migrations: readonly string[]): Database.Database {
  createPrivately(path);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 5_000 });
    database.pragma("journal_mode = WAL");
    database.pragma("foreign_keys = ON");
    // Prompts that are dropped leave no copy: not in free pages, and not in the log of a process that was killed.
    database.pragma("secure_delete = ON");
    database.pragma("wal_checkpoint(TRUNCATE)");
    // It reads every page: a large file's damage is told when it is come upon, so that the start does not grow with what is kept.
    const check = statSync(path).size <= maxCheckedBytes ? database.pragma("quick_check(1)", { simple: true }) : "ok";
    if (check !== "ok") throw new DispatchError("store_corrupt", `The database ${path} is damaged: ${String(check)}.`, { metadata: { path } });
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database?.close();
    throw storeError(error, path);
  }
}

/** SQLite would create the file with the umask's rights; its -wal and -shm files take over the rights of the file. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch (error) {
    throw new DispatchError("state_unwritable", `${path} cannot be written: ${(error as Error).message}.`, { metadata: { path }, cause: error });
  }
}

function migrate(database: Database.Database, path: string, migrations: readonly string[]): void {
  // IMMEDIATE: of two processes that open a new file at once, the second waits and then finds nothing to do.
  database.transaction(() => {
    const applied = Number(database.pragma("user_version", { simple: true }));
    if (applied > migrations.length) {
      throw new DispatchError("store_corrupt", `The database ${path} was written by a newer version of this program.`, { metadata: { path } });
    }
    for (const sql of migrations.slice(applied)) database.exec(sql);
    database.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}

/** What SQLite says, in our words; any other error as it is. */
export function storeError(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code.startsWith("SQLITE_CORRUPT") || error.code === "SQLITE_NOTADB") {
    return new DispatchError("store_corrupt", `The database ${path} is damaged: ${error.message}.`, { metadata: { path }, cause: error });
  }
  return new DispatchError("state_unwritable", `The database ${path} cannot be used: ${error.message}.`, { metadata: { path }, cause: error });
}
