import type { Detection } from "./detection.js";
import type { ResolvedTarget } from "./target.js";

export type DeliveryStep =
  | "accepted" | "waiting" | "typed" | "parked" | "submitted" | "queued" | "delivered" | "working" | "finished"
  | "refused" | "unconfirmed" | "withdrawn" | "failed" | "cancelled" | "expired";

export const deliveryStatuses = [
  "pending", "delivered", "queued", "unconfirmed", "withdrawn", "refused", "failed", "cancelled", "expired", "dry_run", "typed",
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export type EvidenceSource = "record" | "screen" | "none";

/** Proof that the agent has the text. */
export interface Evidence {
  readonly source: EvidenceSource;
  /** `path@offset`, or `path#table/row`. */
  readonly locator: string;
  readonly recordedAt: Date;
  readonly sentSha256: string;
  readonly recordedSha256: string;
  readonly exact: boolean;
  /** Every change between the two, by name. */
  readonly transformation: readonly string[];
  readonly sessionId: string;
}

export interface DeliveryUpdate {
  readonly deliveryId: string;
  /** Counts from 1. */
  readonly sequence: number;
  readonly step: DeliveryStep;
  readonly at: Date;
  readonly detail: string;
  /** A reason of the error catalogue, or empty. */
  readonly reason: string;
  readonly evidence?: Evidence | undefined;
  readonly detection?: Detection | undefined;
  readonly answer?: string | undefined;
  /** With the last update of a stream. */
  readonly delivery?: Delivery | undefined;
}

export const deliveryKinds = ["prompt", "exec", "key"] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** What became of a shell command. The command itself is not kept. */
export interface ExecReport {
  /** First 16 hex digits of its SHA-256. */
  readonly commandHash: string;
  readonly allowed: boolean;
  /** `allowed_builtin`, `allowed_prefix` or `blocked_…`. */
  readonly code: string;
  readonly rule: string;
  /** Why, in a sentence without the command. */
  readonly sentence: string;
  readonly interrupt: boolean;
  /** Only in the answer to an allowed dry run. */
  readonly pasteText: string;
  readonly exitStatus?: number | undefined;
  /** Redacted; never kept. */
  readonly output: string;
}

export const onDraftWays = ["wait", "refuse", "stash"] as const;
export type OnDraft = (typeof onDraftWays)[number];
export const onBusyWays = ["refuse", "queue", "steer", "when_idle", "force"] as const;
export type OnBusy = (typeof onBusyWays)[number];
export const waitLevels = ["delivered", "finished", "accepted", "submitted"] as const;
export type WaitFor = (typeof waitLevels)[number];
export type SubmitKeyChoice = "auto" | "enter" | "tab";
export type TypingMode = "paste" | "literal";

export interface DeliveryOptions {
  readonly onBusy: OnBusy;
  readonly onDraft: OnDraft;
  readonly waitFor: WaitFor;
  /** From acceptance to the end. */
  readonly timeoutMs: number;
  readonly dryRun: boolean;
  readonly noSubmit: boolean;
  readonly command: boolean;
  readonly strict: boolean;
  readonly submitKey: SubmitKeyChoice;
  /** At least this long between paste and key. */
  readonly minKeyDelayMs: number;
  /** How often the key may be pressed again while the text is provably still parked. */
  readonly retries: number;
  readonly mode: TypingMode;
  /** Lines of the pane to bring back as they were before anything was typed; 0 for none. */
  readonly captureBeforeLines: number;
}

export interface Delivery {
  readonly id: string;
  readonly key: string;
  readonly machine: string;
  /** Absent until the address was resolved. */
  readonly target?: ResolvedTarget | undefined;
  readonly requestedTarget: string;
  readonly status: DeliveryStatus;
  readonly reason: string;
  readonly detail: string;
  readonly evidence?: Evidence | undefined;
  readonly detection?: Detection | undefined;
  readonly steps: readonly DeliveryUpdate[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly promptBytes: number;
  readonly promptSha256: string;
  readonly options: DeliveryOptions;
  readonly answer: string;
  readonly presses: number;
  readonly kind: DeliveryKind;
  readonly exec?: ExecReport | undefined;
  /** With kind `key`: its tmux name. */
  readonly keyName: string;
  /** The pane before anything was typed, redacted, where it was asked for. */
  readonly capturedBefore: string;
}

const minuteMs = 60_000;
export const defaultRetries = 6;

/** From acceptance to the end, where the caller names no time. */
export function defaultTimeoutMs(onBusy: OnBusy): number {
  return onBusy === "when_idle" ? 24 * 60 * minuteMs : minuteMs;
}
