import type Database from "better-sqlite3";
import { closeSync, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";
import { DispatchError } from "../errors/dispatch-error.js";

/**
 * Waits for the disk beside the event loop, where SQLite itself would hold that up (`synchronous = FULL`, 1 ms for each write). It is for a
 * database that is `synchronous = NORMAL`: that syncs its log before it empties it, so that what is not in the log any more is on disk too.
 */
export class DiskBarrier {
  readonly #path: string;
  readonly #log: number;
  readonly #sync: (descriptor: number) => Promise<void>;
  #running: Promise<void> | undefined;
  #failure: DispatchError | undefined;
  #next: Promise<void> | undefined;

  constructor(database: Database.Database, sync: (descriptor: number) => Promise<void> = promisify(fdatasync)) {
    this.#path = database.name;
    this.#sync = sync;
    // A database has its log from its first write on, and keeps that very file while it is open.
    database.pragma(`user_version = ${Number(database.pragma("user_version", { simple: true }))}`);
    this.#log = openSync(`${database.name}-wal`, "r");
  }

  /** Throws DispatchError state_unwritable where the disk has failed once: it may say the next time that all is well, and have lost what it failed on. */
  assertSound(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Resolves when all that was written until now survives a loss of power; throws what `assertSound` does. Who asks while the disk is at work
   * shares its next turn.
   */
  async passed(): Promise<void> {
    this.#next ??= this.#syncAfter(this.#running);
    await this.#next;
  }

  close(): void {
    void Promise.allSettled([this.#running, this.#next]).then(() => closeSync(this.#log));
  }

  async #syncAfter(before: Promise<void> | undefined): Promise<void> {
    // Also where nothing runs this is behind the assignment in `passed`.
    await before?.catch(() => undefined);
    this.#running = this.#next;
    this.#next = undefined;
    this.assertSound();
    try {
      await this.#sync(this.#log);
    } catch (cause) {
      this.#failure = new DispatchError("state_unwritable", `The disk does not take what is written to ${this.#path}: ${(cause as Error).message}.`, { metadata: { path: this.#path }, cause });
      throw this.#failure;
    }
  }
}
