import { basename, join } from "node:path";
import type { RecordContext } from "../../records/agent-record.js";
import { JsonlRecord } from "../../records/jsonl-record.js";
import { namesIn, pathsIn } from "../../records/list-files.js";
import type { RecordEvent } from "../../records/record-event.js";
import { codexEvents } from "./events.js";
import { codexMessages } from "./messages.js";

/** A rollout lies in the folder of the day its thread began: the newest days hold the live ones. */
const daysLookedAt = 3;

/** A rollout of an older day is found by who holds it open, which costs more than all the rest: it is asked no more often than this. */
const openFilesRestMs = 200;

/**
 * Rollouts of one Codex home: `sessions/Y/M/D/rollout-<start>-<thread id>.jsonl` (0.169.0). Nothing maps a pane's process
 * to its rollout, since a shared daemon holds the files: the text itself finds it, in exactly one of them.
 */
export class CodexRecord extends JsonlRecord {
  readonly scope: string;
  readonly #home: string;
  #open: { readonly at: number; readonly paths: readonly string[] } | undefined;

  constructor(context: RecordContext, home: string) {
    super(context);
    this.#home = home;
    this.scope = `codex:${home}`;
  }

  async candidates(): Promise<readonly string[]> {
    const recent = this.#newestDays().map((day) => pathsIn(day, isRollout));
    const known = this.context.knownRecord ? [this.context.knownRecord] : [];
    return [...new Set([...recent.flat(), ...await this.#openRollouts(), ...known])];
  }

  watchPaths(): readonly string[] {
    const today = this.context.clock.now();
    const day = [today.getFullYear(), pad(today.getMonth() + 1), pad(today.getDate())].map(String);
    return [join(this.#home, "sessions", ...day), ...(this.context.knownRecord ? [this.context.knownRecord] : [])];
  }

  events(line: Record<string, unknown>): readonly RecordEvent[] {
    return codexEvents(line);
  }

  messages(line: Record<string, unknown>): readonly RecordEvent[] {
    return codexMessages(line);
  }

  sessionId(path: string): string {
    return basename(path, ".jsonl").slice(-36);
  }

  async #openRollouts(): Promise<readonly string[]> {
    const { clock, tree, facts } = this.context;
    const now = clock.monotonicMs();
    if (!this.#open || now - this.#open.at >= openFilesRestMs) {
      this.#open = { at: now, paths: (await Promise.all(tree.map(({ pid }) => facts.openFiles(pid, isRollout)))).flat() };
    }
    return this.#open.paths;
  }

  #newestDays(): string[] {
    let folders = [join(this.#home, "sessions")];
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
