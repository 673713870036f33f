/** How the model answers one user turn. Without anything: a short text that repeats nothing of the prompt. */
export interface Reply {
  /** Text of the answer. */
  readonly text?: string;
  /** Answer with the prompt itself. */
  readonly echo?: boolean;
  /** Milliseconds before the first chunk. */
  readonly delayMs?: number;
  /** No chunk until `release()` is called for this client. */
  readonly hold?: boolean;
  /** Call the agent's shell tool with this command, so that it asks for permission. The turn goes on after the answer. */
  readonly shell?: string;
  /** Call this tool of an MCP server that the agent has (of its own where no server is named), and go on after it. */
  readonly tool?: ToolCall;
  /** HTTP status instead of an answer (400 and up). */
  readonly status?: number;
  /** Cut the connection instead of answering. */
  readonly cut?: boolean;
}

/** What one API adapter is told to stream. */
export interface Answer {
  readonly text: string;
  readonly shell?: string | undefined;
  readonly tool?: ToolCall | undefined;
}

export interface ToolCall {
  readonly server: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Replies for the coming user turns, per client: queued ones first, then the standing one. */
export class ReplyScript {
  readonly #queued: { client: string | undefined; reply: Reply }[] = [];
  readonly #standing = new Map<string | undefined, Reply>();

  /** The next user turn of `client` (of any client where it is left out) is answered so, once. */
  enqueue(reply: Reply, client?: string): void {
    this.#queued.push({ client, reply });
  }

  /** Every turn without a queued reply is answered so; `undefined` takes it back. */
  stand(reply: Reply | undefined, client?: string): void {
    if (reply) this.#standing.set(client, reply);
    else this.#standing.delete(client);
  }

  clear(): void {
    this.#queued.length = 0;
    this.#standing.clear();
  }

  take(client: string): Reply {
    const index = this.#queued.findIndex((entry) => entry.client === undefined || entry.client === client);
    if (index >= 0) return this.#queued.splice(index, 1)[0]!.reply;
    return this.#standing.get(client) ?? this.#standing.get(undefined) ?? {};
  }
}
