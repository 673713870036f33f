import type { Clock } from "../../core/clock.js";
import type { AgentState } from "../../core/domain/detection.js";
import type { ProcessFacts, ProcessInfo } from "../processes/process-facts.js";

/** How many other deliveries of the same text an entry of the record, by its locator and text, has proven. */
export type ProofsOfOthers = (locator: string, text: string) => number;

/** Whose record: the agent's own process and environment, never ours. */
export interface RecordContext {
  readonly process: ProcessInfo;
  /** The pane's whole process tree (a daemon may hold the record). */
  readonly tree: readonly ProcessInfo[];
  readonly environment: ReadonlyMap<string, string>;
  readonly facts: ProcessFacts;
  readonly clock: Clock;
  /** Record that an earlier delivery to this agent was proven in, if any. */
  readonly knownRecord?: string | undefined;
  /** Records that other agents, which are alive, were proven to write. */
  readonly foreignRecords?: ReadonlySet<string> | undefined;
  /** An entry proves no more deliveries than it holds prompts. */
  readonly proofsOfOthers?: ProofsOfOthers | undefined;
  /** Session that the agent was in when the prompt was typed, where that was known. */
  readonly knownSession?: string | undefined;
}

/** Where every candidate record ended before the paste; journalled as JSON, so that a restarted node can go on. */
export interface Baseline {
  /** Milliseconds since the epoch. Lines of records that are not named below count only from here on. */
  readonly takenAtMs: number;
  /** Record path -> byte offset (files) or last row id (databases). Others are read whole. */
  readonly offsets: Readonly<Record<string, number>>;
}

/** A user message that stands in the record after the baseline and is ours. */
export interface RecordMatch {
  /** `path@offset` or `path#table/row`. */
  readonly locator: string;
  readonly recordPath: string;
  readonly sessionId: string;
  /** The text as recorded (of a merged message: our part). */
  readonly text: string;
  /** Changes that were needed to find our text in it, by name. */
  readonly transformation: readonly string[];
  /** Changes beside the text, by name: what was appended to it, what it was merged with. */
  readonly beside: readonly string[];
}

/** All that a record tells of one prompt so far; grows monotonically except `queued`. */
export interface RecordFinding {
  /** Held for the next turn, as the record says. */
  readonly queued: boolean;
  /** The entry that says so. */
  readonly queuedMatch?: RecordMatch | undefined;
  /** Was queued, and the record says it was removed without being taken. */
  readonly withdrawn: boolean;
  /** The agent turned it away, as the record says: no model has it. */
  readonly rejected?: boolean | undefined;
  readonly match?: RecordMatch | undefined;
  /** The same text after the baseline in more than one record: nothing is claimed. */
  readonly ambiguous: boolean;
  /** The text stands after the baseline in a record that another live agent was proven to write: whose it is cannot be told. */
  readonly foreign: boolean;
  /** The turn of the matched message runs. */
  readonly working: boolean;
  /** The turn of the matched message ended. */
  readonly finished: boolean;
  readonly answer?: string | undefined;
}

/** Follows the record from a baseline, looking for one text. */
export interface RecordFollower {
  /** Folders and files whose change may bring news. */
  watchPaths(): readonly string[];
  /** Reads what is new and tells all that is known. */
  poll(): Promise<RecordFinding>;
  close(): void;
}

/** One thing that was said in a session, as recorded. */
export interface RecordedMessage {
  readonly speaker: "user" | "agent";
  readonly text: string;
  readonly at?: Date | undefined;
}

/** The end of what was said in one session, oldest first. */
export interface RecordedConversation {
  readonly sessionId: string;
  readonly messages: readonly RecordedMessage[];
}

export interface AgentRecord {
  /** `screen` where the agent keeps no record that is known: then an emptied composer is all that can be shown. */
  readonly provesBy?: "record" | "screen" | undefined;
  /** The record holds queued prompts too, so that the screen need not be asked. */
  readonly recordsQueue?: boolean | undefined;
  /** State as the record tells it, where it does (Claude: status; Codex: last turn event; OpenCode: newest assistant). */
  state(): Promise<{ state: AgentState; sessionId: string; detail: string } | undefined>;
  /** True where the record is named by the process, so that equal texts to two agents cannot be mixed up. */
  readonly namedByProcess: boolean;
  /** Scope in which equal texts must go one after the other, when not named by the process. */
  readonly scope: string;
  baseline(): Promise<Baseline>;
  /** The last `limit` messages of the session that the agent is in, or undefined where it is not known which one that is. */
  conversation(limit: number): Promise<RecordedConversation | undefined>;
  /** `pasted` is the text after preparation. `only`: no other record counts any more, since the text was proven in this one. */
  follow(baseline: Baseline, pasted: string, only?: string): RecordFollower;
}
