import type { RecordFinding, RecordMatch } from "./agent-record.js";
import { matchPart, matchText, type PartMatch } from "./match-text.js";
import type { RecordEvent } from "./record-event.js";

export interface EventPlace {
  readonly locator: string;
  readonly recordPath: string;
  readonly sessionId: string;
}

type TurnEvent = Extract<RecordEvent, { type: "answer" | "turn_ended" }>;

/**
 * Folds the events of all candidate records into one finding about one text.
 * A turn counts as ours only after our message: `working` at the match, `finished` at the first end of turn after it.
 */
export class FindingBuilder {
  readonly #pasted: string;
  /** Separator with which the agent merges queued prompts into one message, where it does. */
  readonly #mergeSeparator: string | undefined;
  readonly #foreignRecords: ReadonlySet<string>;
  #enqueued = 0;
  #taken = 0;
  #removed = 0;
  #match: RecordMatch | undefined;
  #matchGroup: string | undefined;
  #queuedMatch: RecordMatch | undefined;
  /** Messages of the user by group. */
  readonly #groups = new Map<string, number>();
  #ambiguous = false;
  #finished = false;
  #answer: string | undefined;
  /** The last answer and end of turn that each record holds before our message; agents may write a turn out of order. */
  readonly #early = new Map<string, { answer?: TurnEvent; end?: TurnEvent }>();

  /** `foreignRecords` are known to belong to other agents that are alive: the same text there was given to them. */
  constructor(pasted: string, options: { mergeSeparator?: string | undefined; foreignRecords?: ReadonlySet<string> | undefined } = {}) {
    this.#pasted = pasted;
    this.#mergeSeparator = options.mergeSeparator;
    this.#foreignRecords = options.foreignRecords ?? new Set();
  }

  add(event: RecordEvent, place: EventPlace): void {
    if (this.#foreignRecords.has(place.recordPath)) return;
    switch (event.type) {
      case "user":
        this.#addUser(event, place);
        return;
      case "enqueued":
        this.#addEnqueued(event.text, place);
        return;
      case "removed":
        if (event.text === undefined || matchText(this.#pasted, event.text)) this.#removed = this.#enqueued - this.#taken;
        return;
      case "dequeued":
        return;
      case "answer":
      case "turn_ended":
        if (this.#isOurs(place)) this.#addToTurn(event);
        else if (!this.#match) this.#keepEarly(event, place);
        return;
      case "turn_started":
        return;
    }
  }

  finding(): RecordFinding {
    const waiting = this.#enqueued - this.#taken - this.#removed;
    return {
      queued: !this.#match && waiting > 0,
      withdrawn: !this.#match && this.#removed > 0 && waiting <= 0,
      queuedMatch: this.#queuedMatch,
      match: this.#ambiguous ? undefined : this.#mergedMatch(),
      ambiguous: this.#ambiguous,
      working: this.#match !== undefined,
      finished: this.#finished,
      answer: this.#answer,
    };
  }

  #addEnqueued(text: string, place: EventPlace): void {
    const transformation = matchText(this.#pasted, text);
    if (!transformation) return;
    this.#enqueued++;
    this.#queuedMatch = { ...place, text, transformation, beside: [] };
  }

  /** Prompts of one group are told apart in the record, but reach the model as one message. */
  #mergedMatch(): RecordMatch | undefined {
    const match = this.#match;
    if (!match || this.#matchGroup === undefined || (this.#groups.get(this.#matchGroup) ?? 0) < 2) return match;
    return { ...match, beside: [...match.beside, "merged_with_other_prompts"] };
  }

  #addUser({ texts, change, group, at }: Extract<RecordEvent, { type: "user" }>, place: EventPlace): void {
    if (group !== undefined) this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    const found = this.#find(texts);
    if (!found) return;
    if (this.#match) {
      if (this.#match.recordPath !== place.recordPath && !this.#ambiguous) this.#ambiguous = true;
      return;
    }
    this.#taken++;
    this.#matchGroup = group;
    this.#match = { ...place, ...found, beside: [...found.beside, ...(change ? [change] : [])] };
    const { answer, end } = this.#early.get(place.recordPath) ?? {};
    for (const event of [answer, end]) if (event && isLater(event.at, at)) this.#addToTurn(event);
  }

  #addToTurn(event: TurnEvent): void {
    if (this.#finished) return;
    if (event.type === "answer") this.#answer = event.text;
    else {
      this.#finished = true;
      this.#answer = event.answer ?? this.#answer;
    }
  }

  #keepEarly(event: TurnEvent, { recordPath }: EventPlace): void {
    this.#early.set(recordPath, { ...this.#early.get(recordPath), [event.type === "answer" ? "answer" : "end"]: event });
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

  #isOurs(place: EventPlace): boolean {
    return this.#match !== undefined && this.#match.recordPath === place.recordPath;
  }
}

/** Times of one format and zone: the order of their letters is theirs. */
function isLater(at: string | undefined, than: string | undefined): boolean {
  return at !== undefined && than !== undefined && at >= than;
}
