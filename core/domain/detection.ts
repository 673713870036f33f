import type { ResolvedTarget } from "./target.js";

export type TargetKind = "shell" | "agent" | "unknown";

/** See `AgentState` in detection.proto for what each one means. */
export const agentStates = ["starting", "idle", "draft", "busy", "queued", "menu", "dialog", "copy_mode", "wedged", "exited", "unknown"] as const;
export type AgentState = (typeof agentStates)[number];

export type ComposerState = "idle" | "active" | "unknown";

export interface DetectionEvidence {
  readonly source: "process" | "record" | "screen" | "tmux";
  /** One line; never text of a prompt. */
  readonly detail: string;
}

/** What is in a pane, and why we say so. */
export interface Detection {
  readonly targetKind: TargetKind;
  /** claude, codex, codewith, opencode, gemini, a profile's name, shell, or unknown. */
  readonly agentKind: string;
  readonly state: AgentState;
  readonly composerState: ComposerState;
  readonly canReceivePrompt: boolean;
  readonly canQueuePrompt: boolean;
  readonly submitKeys: readonly string[];
  readonly recommendedSubmitKey: string;
  readonly reason: string;
  readonly paneCommand: string;
  readonly cwd: string;
  readonly agentVersion: string;
  /** 0 where there is no agent. */
  readonly agentPid: number;
  /** With the pid it names one process; 0n where there is no agent. */
  readonly agentStarted: bigint;
  readonly sessionId: string;
  readonly activity: string;
  readonly hasDraft: boolean;
  /** What a person must do in the pane before the agent goes on; empty where nothing is asked of anybody. */
  readonly actionNeeded: string;
  readonly evidence: readonly DetectionEvidence[];
  readonly observedAt: Date;
  readonly since: Date;
}

/** A pane and what is in it. */
export interface DetectedTarget {
  readonly target: ResolvedTarget;
  readonly detection: Detection;
}
