import type { AgentState } from "../../core/domain/detection.js";
import type { ProcessInfo } from "../processes/process-facts.js";
import type { AgentRecord, RecordContext } from "../records/agent-record.js";
import type { Screen } from "../screen/screen.js";

export type SubmitKey = "Enter" | "Tab";

/** A paste that the agent folded into a marker, such as `[Pasted text #1 +4 lines]`. */
export interface PasteMarker {
  readonly raw: string;
  /** Line breaks or lines that the marker counts, as the agent counts them. */
  readonly lines?: number | undefined;
  /** Characters that the marker counts. */
  readonly characters?: number | undefined;
}

/** What the input box of an agent holds. */
export interface Composer {
  /** Typed text: ghost text and decoration removed, rows joined by "\n" (soft wraps are not told from line ends). */
  readonly text: string;
  readonly markers: readonly PasteMarker[];
  /** True where more rows may exist than are shown. */
  readonly clipped: boolean;
  /** First and last screen row of the text. */
  readonly firstRow: number;
  readonly lastRow: number;
}

/** What one screen tells, by itself. */
export interface ScreenReading {
  readonly state: AgentState;
  /** What the agent does or asks, in a few words; never prompt text. */
  readonly activity: string;
  /** Absent where no composer is on the screen (dialog, starting, exited). */
  readonly composer?: Composer | undefined;
  /** Prompts that the screen shows as held for later, as shown (may be cut with an ellipsis). */
  readonly queued: readonly string[];
  /** What a person must do in the pane before the agent goes on; absent where nothing is asked of anybody. */
  readonly actionNeeded?: string | undefined;
  /** True where the signs of a running turn disagree: it has just begun or just ended. */
  readonly settling?: boolean | undefined;
  /** What on the screen proves the state; one line, no prompt text. */
  readonly evidence: string;
}

/** The text that will be pasted for a prompt. */
export interface PreparedText {
  readonly text: string;
  /** Names of the changes made, in order. */
  readonly transformation: readonly string[];
  /** Set where the agent would not take the text as a prompt and no cure is known. */
  readonly refusal?: string | undefined;
}

export interface PrepareOptions {
  /** The text is meant as a command of the agent. */
  readonly command: boolean;
  /** Whether a file is there for the agent: agents attach some files instead of taking their path as text. */
  readonly fileExists: (path: string) => boolean;
}

/** The one interface behind which every agent lives: a folder here is all that a new agent needs. */
export interface AgentAdapter {
  readonly kind: string;
  /** Is this process (not its children) the agent? Launchers such as node, bun and npx are looked through. */
  matches(process: ProcessInfo): boolean;
  /** Version of the installed agent, from its package.json or its path; undefined where it cannot be told. */
  version(process: ProcessInfo): Promise<string | undefined>;
  readScreen(screen: Screen): ScreenReading;
  /** Makes a prompt that this agent takes as a prompt; a text that is meant as a command is left as it is. */
  prepare(text: string, options: PrepareOptions): PreparedText;
  /** Milliseconds between "our text is in the composer" and the key. Zero except where measured (Gemini). */
  readonly keyDelayMs: number;
  /** Key that submits; Enter where not given. */
  readonly submitKey?: SubmitKey | undefined;
  /** Key that puts a prompt into the agent's own queue while a turn runs. */
  readonly queueKey?: SubmitKey | undefined;
  /** Key that puts a prompt into the running turn. */
  readonly steerKey?: SubmitKey | undefined;
  /** Key that puts a draft aside, where the agent brings it back by itself. */
  readonly stashKey?: string | undefined;
  openRecord(context: RecordContext): AgentRecord;
}
