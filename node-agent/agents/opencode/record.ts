import type { AgentRecord, Baseline, RecordContext, RecordedConversation, RecordFollower } from "../../records/agent-record.js";
import { readOpenCodeConversation } from "./conversation.js";
import { databasePath, openDatabase } from "./database.js";
import { OpenCodeFollower } from "./follower.js";

/** OpenCode's database, shared by all its processes of one home: no row names a process. */
export class OpenCodeRecord implements AgentRecord {
  readonly namedByProcess = false;
  readonly recordsQueue = true;
  readonly scope: string;
  readonly #context: RecordContext;
  /** Empty where there is no file. */
  readonly #path: string;

  constructor(context: RecordContext) {
    this.#context = context;
    this.#path = databasePath(context) ?? "";
    this.scope = `opencode:${this.#path}`;
  }

  async state(): Promise<undefined> {
    return undefined;
  }

  /** Rows after the last one are new; the follower knows what else is. */
  async baseline(): Promise<Baseline> {
    if (this.#path === "") throw new Error("OpenCode keeps its sessions in memory only");
    const database = openDatabase(this.#path);
    try {
      const last = database?.prepare<[], { last: number | null }>("SELECT max(rowid) AS last FROM part").get()?.last ?? 0;
      return { takenAtMs: this.#context.clock.now().getTime(), offsets: { [this.#path]: last } };
    } finally {
      database?.close();
    }
  }

  follow(baseline: Baseline, pasted: string): RecordFollower {
    return new OpenCodeFollower(this.#path, baseline, pasted, this.#context);
  }

  /** Only a proven delivery tells which session of the database is this process's. */
  async conversation(limit: number): Promise<RecordedConversation | undefined> {
    const prefix = `${this.#path}#`;
    const known = this.#context.knownRecord;
    if (!known?.startsWith(prefix)) return undefined;
    const database = openDatabase(this.#path);
    try {
      return database && readOpenCodeConversation(database, known.slice(prefix.length), limit);
    } finally {
      database?.close();
    }
  }
}
