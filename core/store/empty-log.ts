import type Database from "better-sqlite3";
import { systemClock } from "../clock.js";

/** Emptying waits for the disk, so it comes when nothing was dropped for this long … */
const quietMs = 500;
/** … but a secret stays no longer than this. */
const longestMs = 5_000;

/**
 * What was dropped from a database still stands in its write-ahead log: the returned function has that emptied shortly after,
 * off the way of whoever waits. Pages are overwritten by `secure_delete`.
 */
export function logEmptier(database: Database.Database): () => void {
  let first: number | undefined;
  let cancel = (): void => undefined;
  return () => {
    const now = systemClock.monotonicMs();
    first ??= now;
    cancel();
    cancel = systemClock.after(Math.max(0, Math.min(quietMs, first + longestMs - now)), () => {
      first = undefined;
      try {
        if (database.open) database.pragma("wal_checkpoint(TRUNCATE)");
      } catch {
        // A full disk: it is emptied after the next that is dropped, or at the next start.
      }
    });
  };
}
