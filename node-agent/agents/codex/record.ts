import { basename, join } from "node:path";
import type { Baseline, RecordContext } from "../../records/agent-record.js";
import { JsonlRecord } from "../../records/jsonl-record.js";
import { namesIn, pathsIn, realPath } from "../../records/list-files.js";
import { measure } from "../../records/measure.js";
import type { RecordEvent } from "../../records/record-event.js";
import { codexEvents } from "./events.js";
import { codexMessages } from "./messages.js";
import { sharedServerOf } from "./shared-server.js";

/** A rollout lies in the folder of the day its thread began: the newest days hold the live ones. */
const daysLookedAt = 3;

/** A rollout of an older day is found by who holds it open, which costs more than all the rest: it is asked no more often than this. */
const openFilesRestMs = 200;

/**
 * Rollouts of one Codex home: `sessions/Y/M/D/rollout-<start>-<thread id>.jsonl` (0.169.0). Nothing maps a pane's process
 * to its rollout, since a shared daemon holds the files: the text itself finds it, in exactly one of them. They go by their real
 * paths, since who holds one open has it by that: a home that is a symbolic link must not make two of one.
 */
export class CodexRecord extends JsonlRecord {
  readonly #home: string;
  #open: { readonly at: number; readonly paths: readonly string[] } | undefined;

  constructor(context: RecordContext, home: string) {
    super(context);
    this.#home = home;
  }

  get scope(): string {
    return `codex:${realPath(this.#home)}`;
  }

  async candidates(): Promise<readonly string[]> {
    return [...new Set([...this.#likely(), ...await this.#openRollouts()])];
  }

  /** Of a rollout that only turns up later the new lines count: it is not worth the time before the paste. */
  override baseline(): Promise<Baseline> {
    return Promise.resolve(measure(this.#likely(), this.context.clock));
  }

  watchPaths(): readonly string[] {
    const today = this.context.clock.now();
    const day = [today.getFullYear(), pad(today.getMonth() + 1), pad(today.getDate())].map(String);
    return [join(this.#sessions(), ...day), ...this.#known()];
  }

  events(line: Record<string, unknown>): readonly RecordEvent[] {
    return codexEvents(line);
  }

  messages(line: Record<string, unknown>): readonly RecordEvent[] {
    return codexMessages(line);
  }

  /** A conversation that was taken back to an earlier prompt goes on in `rollout-<start>-<thread id>_<id of this part>.jsonl` (0.171.0). */
  sessionId(path: string): string {
    return basename(path, ".jsonl").split("_", 1)[0]?.slice(-36) ?? "";
  }

  #sessions(): string {
    return realPath(join(this.#home, "sessions"));
  }

  #known(): readonly string[] {
    return this.context.knownRecord ? [realPath(this.context.knownRecord)] : [];
  }

  #likely(): readonly string[] {
    return [...new Set([...this.#newestDays().flatMap((day) => pathsIn(day, isRollout)), ...this.#known()])];
  }

  /** The first TUI's shared server is its child, and no other TUI's. */
  async #openRollouts(): Promise<readonly string[]> {
    const { clock, tree, facts } = this.context;
    const now = clock.monotonicMs();
    if (!this.#open || now - this.#open.at >= openFilesRestMs) {
      const inside = `${this.#sessions()}/`;
      const holders = new Set([...tree.map(({ pid }) => pid), ...sharedServerOf(this.#home)]);
      const isOurs = (path: string): boolean => path.startsWith(inside) && isRollout(path);
      this.#open = { at: now, paths: (await Promise.all([...holders].map((pid) => facts.openFiles(pid, isOurs)))).flat() };
    }
    return this.#open.paths;
  }

  #newestDays(): string[] {
    let folders = [this.#sessions()];
    for (let depth = 0; depth < 3; depth++) {
      folders = folders.flatMap((f) => namesIn(f).filter((n) => /^\d+$/.test(n)).map((n) => join(f, n))).slice(-daysLookedAt);
    }
    return folders;
  }
}

function isRollout(pathOrName: string): boolean {
  return /(^|\/)rollout-[^/]*\.jsonl$/.test(pathOrName);
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}
