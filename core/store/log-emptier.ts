import type Database from "better-sqlite3";
import { systemClock, type Clock } from "../clock.js";

/** Emptying holds up the process for 5 to 15 ms, so it comes when nothing was asked for this long … */
const quietMs = 500;
/** … but a secret stays no longer than this. */
const longestMs = 5_000;

type Emptied = Pick<Database.Database, "open" | "pragma">;

/**
 * What was dropped from a database still stands in its write-ahead log: that is emptied shortly after, off the way of whoever waits.
 * Pages are overwritten by `secure_delete`.
 */
export class LogEmptier {
  readonly #database: Emptied;
  readonly #clock: Clock;
  /** When the first of what stands in the log was dropped. */
  #since: number | undefined;
  #due: number | undefined;
  #cancel = (): void => undefined;

  constructor(database: Emptied, clock: Clock = systemClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Something was dropped. */
  soon(): void {
    this.#since ??= this.#clock.monotonicMs();
    this.notNow();
  }

  /** Something begins for which somebody waits: what is to be emptied waits once more for quiet. */
  notNow(): void {
    if (this.#since === undefined) return;
    const now = this.#clock.monotonicMs();
    const due = Math.min(now + quietMs, this.#since + longestMs);
    // One that is as late as can be is not put off by who comes after.
    if (due === this.#due) return;
    this.#due = due;
    this.#cancel();
    this.#cancel = this.#clock.after(due - now, () => {
      this.#since = this.#due = undefined;
      try {
        if (this.#database.open) this.#database.pragma("wal_checkpoint(TRUNCATE)");
      } catch {
        // A full disk: it is emptied after the next that is dropped, or at the next start.
      }
    });
  }
}
