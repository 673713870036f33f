import { existsSync, watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../core/clock.js";

/** File systems that send no events (some network mounts) are looked at this often. */
const fallbackMs = 250;

/**
 * Calls `onChange` when something under the watched paths changes. A path that does not exist yet is watched through
 * its nearest existing folder. The paths are asked for again after every change, since new folders bring new paths.
 */
export class RecordWatch {
  readonly #paths: () => readonly string[];
  readonly #onChange: () => void;
  readonly #clock: Clock;
  readonly #watchers = new Map<string, FSWatcher>();
  #cancelFallback: () => void;
  #closed = false;

  constructor(paths: () => readonly string[], onChange: () => void, clock: Clock) {
    this.#paths = paths;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#attach();
    this.#cancelFallback = this.#armFallback();
  }

  close(): void {
    this.#closed = true;
    this.#cancelFallback();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #armFallback(): () => void {
    return this.#clock.after(fallbackMs, () => {
      this.#changed();
      if (!this.#closed) this.#cancelFallback = this.#armFallback();
    });
  }

  #changed(): void {
    if (this.#closed) return;
    this.#attach();
    this.#onChange();
  }

  #attach(): void {
    const wanted = new Set(this.#paths().map(nearestExisting));
    for (const [path, watcher] of this.#watchers) {
      if (wanted.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const path of wanted) {
      if (!this.#watchers.has(path)) this.#add(path);
    }
  }

  #add(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, () => this.#changed());
      // A folder that is removed while watched ends its watcher; the fallback attaches again.
      watcher.on("error", () => {
        watcher.close();
        this.#watchers.delete(path);
      });
      this.#watchers.set(path, watcher);
    } catch {
      // Out of inotify watches, or gone since the check: the fallback still looks.
    }
  }
}

function nearestExisting(path: string): string {
  let candidate = path;
  while (!existsSync(candidate) && dirname(candidate) !== candidate) candidate = dirname(candidate);
  return candidate;
}
