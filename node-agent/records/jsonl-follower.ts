import type { Baseline, ProofsOfOthers, RecordFinding, RecordFollower } from "./agent-record.js";
import { FindingBuilder } from "./finding-builder.js";
import { textAt } from "./json-path.js";
import { JsonlTail, type JsonLine } from "./jsonl-tail.js";
import type { RecordEvent } from "./record-event.js";

/** How one agent's JSONL records are found and read. */
export interface JsonlSource {
  /** Paths of the records that may hold the prompt now. */
  candidates(): Promise<readonly string[]>;
  watchPaths(): readonly string[];
  /** Pure reading of one line. */
  events(line: Record<string, unknown>): readonly RecordEvent[];
  /** What of a line was said by somebody, where the events tell less or more than that. */
  messages?(line: Record<string, unknown>): readonly RecordEvent[];
  sessionId(path: string): string;
  readonly mergeSeparator?: string | undefined;
  /** The baseline names every record that there was, so that others are new as a whole. */
  readonly newRecordsAreNew?: boolean | undefined;
  readonly foreignRecords?: ReadonlySet<string> | undefined;
  readonly proofsOfOthers?: ProofsOfOthers | undefined;
}

/** A prompt is stamped after our key, by the clock of this machine: so far may that clock have been set back in between. */
const stampToleranceMs = 100;

/** Follows all candidate JSONL records of one agent. */
export class JsonlFollower implements RecordFollower {
  readonly #source: JsonlSource;
  readonly #baseline: Baseline;
  readonly #only: string | undefined;
  readonly #builder: FindingBuilder;
  readonly #tails = new Map<string, JsonlTail>();

  constructor(source: JsonlSource, baseline: Baseline, pasted: string, only?: string) {
    [this.#source, this.#baseline, this.#only] = [source, baseline, only];
    this.#builder = new FindingBuilder(pasted, source);
  }

  watchPaths(): readonly string[] {
    return this.#source.watchPaths();
  }

  async poll(): Promise<RecordFinding> {
    for (const path of this.#only === undefined ? await this.#source.candidates() : [this.#only]) {
      if (!this.#tails.has(path)) this.#tails.set(path, new JsonlTail(path, this.#baseline.offsets[path] ?? 0));
    }
    for (const tail of this.#tails.values()) {
      for (const line of tail.read()) this.#addLine(tail.path, line);
    }
    return this.#builder.finding();
  }

  close(): void {
    this.#tails.clear();
  }

  #addLine(path: string, line: JsonLine): void {
    if (!(path in this.#baseline.offsets) && !this.#source.newRecordsAreNew && !this.#isAfterBaseline(line)) return;
    const place = { locator: `${path}@${line.offset}`, recordPath: path, sessionId: this.#source.sessionId(path) };
    for (const event of this.#source.events(line.value)) this.#builder.add(event, place);
  }

  /** A record that we did not measure may be an old one that was opened again: only its new lines count. */
  #isAfterBaseline(line: JsonLine): boolean {
    const stamp = Date.parse(textAt(line.value, "timestamp") ?? "");
    return stamp >= this.#baseline.takenAtMs - stampToleranceMs;
  }
}
