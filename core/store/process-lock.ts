import { closeSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { DispatchError } from "../errors/dispatch-error.js";

export interface ProcessLock {
  release(): void;
}

/** What is held: a database that nobody refers to is closed by the garbage collector, and the lock with it. */
const held = new Set<Database.Database>();

/**
 * A lock that ends with its process, however that ends: SQLite holds it as a lock of the operating system on the file.
 * Waits up to `waitMs` (blocking); undefined where another process holds it for longer.
 */
export function acquireLock(path: string, waitMs: number): ProcessLock | undefined {
  let database: Database.Database | undefined;
  try {
    closeSync(openSync(path, "a", 0o600));
    database = new Database(path, { timeout: waitMs });
    database.pragma("journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
    const holder = database;
    held.add(holder);
    return {
      release() {
        held.delete(holder);
        holder.close();
      },
    };
  } catch (error) {
    database?.close();
    if (error instanceof Database.SqliteError && error.code === "SQLITE_BUSY") return undefined;
    throw new DispatchError("state_unwritable", `The lock ${path} cannot be taken: ${(error as Error).message}.`, { metadata: { path }, cause: error });
  }
}
