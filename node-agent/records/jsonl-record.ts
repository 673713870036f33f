import type { AgentRecord, Baseline, ProofsOfOthers, RecordContext, RecordedConversation, RecordFollower } from "./agent-record.js";
import { jsonlConversation, recordOfAgent } from "./jsonl-conversation.js";
import { JsonlFollower, type JsonlSource } from "./jsonl-follower.js";
import { measure } from "./measure.js";
import type { RecordEvent } from "./record-event.js";

/** A record in JSONL files. Where an agent does not say otherwise, nothing maps one to its process: the text itself finds its file, among all that the agent could write. */
export abstract class JsonlRecord implements AgentRecord, JsonlSource {
  readonly namedByProcess: boolean = false;
  readonly foreignRecords: ReadonlySet<string> | undefined;
  readonly proofsOfOthers: ProofsOfOthers | undefined;
  abstract readonly scope: string;
  protected readonly context: RecordContext;

  constructor(context: RecordContext) {
    this.context = context;
    this.foreignRecords = context.foreignRecords;
    this.proofsOfOthers = context.proofsOfOthers;
  }

  abstract candidates(): Promise<readonly string[]>;
  abstract watchPaths(): readonly string[];
  abstract events(line: Record<string, unknown>): readonly RecordEvent[];
  abstract sessionId(path: string): string;

  /** The screen alone tells the state: which file is the agent's is only known after the first proof. */
  state(): ReturnType<AgentRecord["state"]> {
    return Promise.resolve(undefined);
  }

  async baseline(): Promise<Baseline> {
    return measure(await this.candidates(), this.context.clock);
  }

  follow(baseline: Baseline, pasted: string, only?: string): RecordFollower {
    return new JsonlFollower(this, baseline, pasted, only);
  }

  async conversation(limit: number): Promise<RecordedConversation | undefined> {
    const path = await this.recordNow();
    return path === undefined ? undefined : jsonlConversation(this, path, limit);
  }

  /** The file that the agent writes now, where that is known. */
  protected async recordNow(): Promise<string | undefined> {
    return recordOfAgent(this.context, await this.candidates());
  }
}
