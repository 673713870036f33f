import type { Detection } from "../../core/domain/detection.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import type { AgentAdapter, ScreenReading } from "../agents/agent-adapter.js";
import type { ProcessInfo } from "../processes/process-facts.js";
import type { Screen } from "../screen/screen.js";

/** The agent of a pane: its adapter, its own process, and the pane's process tree. */
export interface FoundAgent {
  readonly adapter: AgentAdapter;
  readonly process: ProcessInfo;
  readonly tree: readonly ProcessInfo[];
}

/** All that was seen of a pane at one instant. */
export interface Sight {
  readonly screen: Screen;
  readonly detection: Detection;
  /** Absent where the pane runs no agent. */
  readonly agent?: FoundAgent | undefined;
  readonly reading?: ScreenReading | undefined;
  /** What is seen is about to change: the signs of a running turn disagree, or nobody holds the terminal. */
  readonly settling?: boolean | undefined;
}

/**
 * Is the agent of this sight the one that ran as this process? A young agent starts itself again as its own child, so that the process
 * need not be the agent itself any more, but it must live on in the pane.
 */
export function isSameAgent(seen: Sight, process: Pick<ProcessInfo, "pid" | "started">): boolean {
  return seen.agent?.tree.some((each) => each.pid === process.pid && each.started === process.started) === true;
}

export function paneName(pane: Pick<Pane, "target">): string {
  return `${pane.target.server}:${pane.target.paneId}`;
}

export interface HowToType {
  /** Leaves the cursor out of the guard. */
  readonly anyCursor: boolean;
  /** As single keys instead of one bracketed paste. */
  readonly literal: boolean;
}

/** A pane that a delivery looks at and types into. */
export interface Pane {
  readonly target: ResolvedTarget;
  see(): Promise<Sight>;
  /** `onOutput` gets what the pane's program writes, as it writes it. */
  watch(onChange: () => void, onOutput?: (bytes: Buffer) => void): Promise<() => void>;
  type(seen: Sight, text: string, mark: string, how: HowToType): Promise<"typed" | "stale">;
  press(seen: Sight, key: string, mark: string, mustShow: string | undefined): Promise<"pressed" | "stale">;
  leaveCopyMode(): Promise<void>;
  /** The last lines as text. */
  capture(lines: number): Promise<string>;
}
