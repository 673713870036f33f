import type Database from "better-sqlite3";

/**
 * Runs what writes, so that it is on disk when it returns. At other times a database of ours is `synchronous = NORMAL`: a crash of the
 * process loses nothing either way, FULL also survives a loss of power.
 */
export function durably<T>(database: Database.Database, write: () => T): T {
  database.pragma("synchronous = FULL");
  try {
    return write();
  } finally {
    database.pragma("synchronous = NORMAL");
  }
}
