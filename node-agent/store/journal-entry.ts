import { defined } from "../../core/defined.js";
import type { Delivery, DeliveryUpdate } from "../../core/domain/delivery.js";
import type { TargetAddress } from "../../core/domain/target.js";
import type { ProcessInfo } from "../processes/process-facts.js";
import type { Baseline } from "../records/agent-record.js";

/**
 * How far a delivery got, for recovery. A phase is written BEFORE the act it names:
 * open (nothing was typed) → typing → pressing → ended.
 */
export type Phase = "open" | "typing" | "pressing" | "following" | "ended";

/** What was about to be typed into what, journalled before the paste. */
export interface TypingPlan {
  readonly agentKind: string;
  readonly agentPid: number;
  readonly agentStarted: bigint;
  readonly process: ProcessInfo;
  /** The variables that say where the agent's records are; the process may be gone when they are needed. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sessionId: string;
  readonly baseline: Baseline;
  /** Value of the pane's typed mark before we typed: it tells after a crash whether the paste happened. */
  readonly previousMark: string;
  readonly key: string;
  readonly transformation: readonly string[];
}

export interface JournalEntry {
  readonly delivery: Delivery;
  readonly address: TargetAddress;
  readonly bodySha256: string;
  readonly prompt: string | undefined;
  readonly pasted: string | undefined;
  readonly phase: Phase;
  readonly plan: TypingPlan | undefined;
  readonly deadlineAt: Date;
}

export interface NewEntry {
  readonly delivery: Delivery;
  readonly address: TargetAddress;
  readonly bodySha256: string;
  readonly prompt: string;
  readonly deadlineAt: Date;
}

/** Fields that a step may change; absent ones stay. */
export type EntryChange = Partial<Pick<Delivery, "status" | "reason" | "detail" | "target" | "evidence" | "detection" | "answer" | "presses" | "capturedBefore">> & {
  readonly phase?: Phase;
  readonly plan?: TypingPlan;
  readonly pasted?: string;
};

/** An unconfirmed delivery is looked up again later, for which its text is needed. */
export function dropsText({ phase, status }: EntryChange): boolean {
  return phase === "ended" && status !== "unconfirmed";
}

/** The entry as `record` writes it. */
export function changedEntry(before: JournalEntry, update: DeliveryUpdate | undefined, change: EntryChange, at: Date): JournalEntry {
  const { phase, plan, pasted, ...fields } = defined(change);
  const { delivery } = before;
  const drops = dropsText(change);
  return {
    ...before, phase: phase ?? before.phase, plan: plan ?? before.plan,
    prompt: drops ? undefined : before.prompt, pasted: drops ? undefined : (pasted ?? before.pasted),
    delivery: { ...delivery, ...fields, updatedAt: at, steps: update ? [...delivery.steps, update] : delivery.steps },
  };
}
