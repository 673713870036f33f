import type { ProofsOfOthers, RecordContext, RecordFinding, RecordMatch } from "./agent-record.js";
import { matchPart, matchText, type PartMatch } from "./match-text.js";
import type { RecordEvent } from "./record-event.js";
import { TurnEvents } from "./turn-events.js";

export interface EventPlace {
  readonly locator: string;
  readonly recordPath: string;
  readonly sessionId: string;
}

/**
 * Folds the events of all candidate records into one finding about one text.
 * A turn counts as ours only after our message: `working` at the match, `finished` at the first end of a turn that belongs to it.
 */
export class FindingBuilder {
  readonly #pasted: string;
  /** Separator with which the agent merges queued prompts into one message, where it does. */
  readonly #mergeSeparator: string | undefined;
  readonly #foreignRecords: ReadonlySet<string>;
  readonly #proofsOfOthers: ProofsOfOthers;
  #enqueued = 0;
  #taken = 0;
  #removed = 0;
  #rejected = false;
  #match: RecordMatch | undefined;
  #matchGroup: string | undefined;
  #matchId: string | undefined;
  #queuedMatch: RecordMatch | undefined;
  /** Messages of the user by group. */
  readonly #groups = new Map<string, number>();
  /** Prompts that left the agent's queue together, and how many of them have not become messages yet. */
  #batch = { size: 0, left: 0 };
  #matchBatch = 0;
  #ambiguous = false;
  #foreign = false;
  readonly #turn = new TurnEvents();

  /** `foreignRecords` are known to belong to other agents that are alive: the same text there may have been given to them. */
  constructor(pasted: string, options: { mergeSeparator?: string | undefined } & Pick<RecordContext, "foreignRecords" | "proofsOfOthers"> = {}) {
    this.#pasted = pasted;
    this.#mergeSeparator = options.mergeSeparator;
    this.#foreignRecords = options.foreignRecords ?? new Set();
    this.#proofsOfOthers = options.proofsOfOthers ?? (() => 0);
  }

  add(event: RecordEvent, place: EventPlace): void {
    if (this.#foreignRecords.has(place.recordPath)) {
      this.#foreign ||= event.type === "user" && this.#find(event.texts) !== undefined;
      return;
    }
    switch (event.type) {
      case "user":
        this.#addUser(event, place);
        return;
      case "enqueued":
        this.#addEnqueued(event, place);
        return;
      case "removed":
        if (event.text === undefined || matchText(this.#pasted, event.text)) this.#removed = this.#enqueued - this.#taken;
        return;
      case "rejected":
        this.#rejected ||= event.texts.some((text) => matchText(this.#pasted, text) !== undefined);
        return;
      case "dequeued":
        this.#addDequeued();
        return;
      case "linked":
        this.#turn.link(event.id, event.before);
        return;
      case "turn_started":
        return;
      case "answer":
      case "turn_ended":
        this.#turn.add(event, place.recordPath);
    }
  }

  finding(): RecordFinding {
    const waiting = this.#enqueued - this.#taken - this.#removed;
    const turn = this.#match ? this.#turn.of(this.#match.recordPath, this.#matchId) : { finished: false, answer: undefined };
    return {
      queued: !this.#match && waiting > 0,
      withdrawn: !this.#match && this.#removed > 0 && waiting <= 0,
      rejected: !this.#match && this.#rejected,
      queuedMatch: this.#queuedMatch,
      match: this.#ambiguous ? undefined : this.#mergedMatch(),
      ambiguous: this.#ambiguous,
      foreign: this.#foreign,
      working: this.#match !== undefined,
      ...turn,
    };
  }

  #addEnqueued({ text, change }: Extract<RecordEvent, { type: "enqueued" }>, place: EventPlace): void {
    const transformation = matchText(this.#pasted, text);
    if (!transformation) return;
    this.#enqueued++;
    this.#queuedMatch = { ...place, text, transformation, beside: change ? [change] : [] };
  }

  #addDequeued(): void {
    const { size, left } = this.#batch;
    const together = left === size ? size + 1 : 1;
    this.#batch = { size: together, left: together };
  }

  /** Prompts of one group, and those that left the queue together, are told apart in the record, but reach the model as one message. */
  #mergedMatch(): RecordMatch | undefined {
    const match = this.#match;
    const group = this.#matchGroup === undefined ? 0 : (this.#groups.get(this.#matchGroup) ?? 0);
    if (!match || (group < 2 && this.#matchBatch < 2)) return match;
    return { ...match, beside: [...match.beside, "merged_with_other_prompts"] };
  }

  #addUser({ texts, change, group, id }: Extract<RecordEvent, { type: "user" }>, place: EventPlace): void {
    if (group !== undefined) this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    const batch = this.#batch.left > 0 ? this.#batch.size : 0;
    if (this.#batch.left > 0) this.#batch = { ...this.#batch, left: this.#batch.left - 1 };
    const found = this.#find(texts);
    if (!found) return;
    if (this.#match) {
      if (this.#match.recordPath !== place.recordPath && !this.#ambiguous) this.#ambiguous = true;
      return;
    }
    if (this.#belongsToOthers(texts, found, place)) return;
    this.#taken++;
    this.#matchGroup = group;
    this.#matchBatch = batch;
    this.#matchId = id;
    this.#turn.startAt();
    this.#match = { ...place, ...found, beside: [...found.beside, ...(change ? [change] : [])] };
  }

  /** Of equal prompts in an agent's queue each has an entry of its own: one that has proven another delivery is not ours. Merged ones share theirs. */
  #belongsToOthers(texts: readonly string[], { text, beside }: PartMatch, { locator }: EventPlace): boolean {
    return beside.length === 0 && this.#proofsOfOthers(locator, text) >= texts.filter((other) => other === text).length;
  }

  #find(texts: readonly string[]): PartMatch | undefined {
    for (const text of texts) {
      const transformation = matchText(this.#pasted, text);
      if (transformation) return { text, transformation, beside: [] };
    }
    if (this.#mergeSeparator === undefined) return undefined;
    for (const text of texts) {
      const part = matchPart(this.#pasted, text, this.#mergeSeparator);
      if (part) return part;
    }
    return undefined;
  }
}
