import type { RecordEvent } from "./record-event.js";

type TurnEvent = Extract<RecordEvent, { type: "answer" | "turn_ended" }>;

/**
 * Tells which answers, and which end of a turn, belong to a message. By their place in the record, or, where entries name the entry before
 * them, by that: such an agent may write the end of one turn after the next prompt, and a first answer before its prompt.
 */
export class TurnEvents {
  /** The entry before each entry. */
  readonly #before = new Map<string, string | undefined>();
  #events: { readonly event: TurnEvent; readonly recordPath: string }[] = [];

  link(id: string, before: string | undefined): void {
    this.#before.set(id, before);
  }

  add(event: TurnEvent, recordPath: string): void {
    this.#events.push({ event, recordPath });
  }

  /** What follows from here on belongs to the message: events that are placed by their order, and came before it, do not. */
  startAt(): void {
    this.#events = this.#events.filter(({ event }) => event.id !== undefined);
  }

  /** The answer so far, and whether the turn of the message has ended. */
  of(recordPath: string, messageId: string | undefined): { finished: boolean; answer: string | undefined } {
    let answer: string | undefined;
    for (const { event, recordPath: path } of this.#events) {
      if (path !== recordPath || (event.id !== undefined && !this.#follows(event.id, messageId))) continue;
      if (event.type === "turn_ended") return { finished: true, answer: event.answer ?? answer };
      answer = event.text;
    }
    return { finished: false, answer };
  }

  #follows(id: string, messageId: string | undefined): boolean {
    const seen = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = this.#before.get(at)) {
      if (at === messageId) return true;
      seen.add(at);
    }
    return false;
  }
}
