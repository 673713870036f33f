import { createHash } from "node:crypto";
import type { HistoryItem, ModelRequest } from "./model-api.js";

/** One request that gave the model new text of a person: the truth that a delivery is held against. */
export interface UserTurn {
  /** Counts from 1 over all clients. */
  readonly id: number;
  /** The name in the client's base URL, one per started agent. */
  readonly client: string;
  readonly api: string;
  /** The agent's session, where its requests name it. */
  readonly session: string;
  /** New user messages, oldest first; more than one where an agent added to a running turn. */
  readonly texts: readonly string[];
  /** What the agent put beside them. */
  readonly context: readonly string[];
  /** All user messages of the conversation, as this request holds them. */
  readonly conversation: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface Conversation {
  readonly keys: readonly string[];
  answered: boolean;
}

/** Tells new user text from retries, tool results and history that comes again with every request. */
export class TurnLog {
  readonly turns: UserTurn[] = [];
  readonly #conversations = new Map<string, Conversation[]>();
  readonly #waiters = new Set<() => void>();

  /** Notes a request. `answered()` is to be called when its answer went out whole: the same history after that is a new conversation. */
  note(client: string, api: string, { session, history }: ModelRequest): { turn: UserTurn | undefined; answered: () => void } {
    // After an interrupted tool call Claude Code 2.1.197 sends earlier messages again with a line end that they did not have.
    const keys = history.map((item) => `${item.role}:${createHash("sha256").update(item.text.trim()).digest("base64")}`);
    const owner = `${client}/${session}`;
    const known = this.#conversations.get(owner) ?? [];
    this.#conversations.set(owner, known);
    const before = known.filter((entry) => isPrefix(entry.keys, keys) && !(entry.answered && entry.keys.length === keys.length))
      .sort((a, b) => b.keys.length - a.keys.length)[0];
    const from = before ? before.keys.length : afterLastAssistant(history);
    const fresh = history.slice(from).filter((item) => item.role === "user");
    const conversation: Conversation = { keys, answered: false };
    known.push(conversation);
    const answered = () => { conversation.answered = true; };
    if (fresh.length === 0) return { turn: undefined, answered };
    const turn: UserTurn = {
      id: this.turns.length + 1, client, api, session, at: Date.now(),
      texts: fresh.map((item) => item.text),
      context: fresh.flatMap((item) => item.context),
      conversation: history.filter((item) => item.role === "user").map((item) => item.text),
    };
    this.turns.push(turn);
    for (const waiter of this.#waiters) waiter();
    return { turn, answered };
  }

  /** Waits for a turn after `afterId` that `wanted` accepts; undefined when the time is over. */
  async waitFor(wanted: (turn: UserTurn) => boolean, options: { afterId?: number; timeoutMs: number }): Promise<UserTurn | undefined> {
    const find = () => this.turns.find((turn) => turn.id > (options.afterId ?? 0) && wanted(turn));
    const now = find();
    if (now) return now;
    return new Promise((done) => {
      const end = (turn: UserTurn | undefined) => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        done(turn);
      };
      const timer = setTimeout(() => end(undefined), options.timeoutMs);
      const look = () => {
        const turn = find();
        if (turn) end(turn);
      };
      this.#waiters.add(look);
    });
  }
}

function isPrefix(short: readonly string[], long: readonly string[]): boolean {
  return short.length <= long.length && short.every((key, index) => key === long[index]);
}

function afterLastAssistant(history: readonly HistoryItem[]): number {
  return history.findLastIndex((item) => item.role === "assistant") + 1;
}
