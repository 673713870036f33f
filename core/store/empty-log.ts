import type Database from "better-sqlite3";
import { systemClock } from "../clock.js";

/** Soon enough for a secret, late enough to serve many at once. */
const delayMs = 500;

/**
 * What was dropped from a database still stands in its write-ahead log: the returned function has that emptied shortly after,
 * off the way of whoever waits. Pages are overwritten by `secure_delete`.
 */
export function logEmptier(database: Database.Database): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    systemClock.after(delayMs, () => {
      due = false;
      if (database.open) database.pragma("wal_checkpoint(TRUNCATE)");
    });
  };
}
