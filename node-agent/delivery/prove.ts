import { createHash } from "node:crypto";
import type { Evidence } from "../../core/domain/delivery.js";
import type { AgentRecord, Baseline, RecordFinding, RecordFollower, RecordMatch } from "../records/agent-record.js";
import type { TypingPlan } from "../store/journal-entry.js";
import { RecordWatch } from "../records/record-watch.js";
import type { RunContext } from "./run-context.js";

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The record of one agent, followed from one baseline; rings when it may hold news. */
export interface FollowedRecord {
  poll(): Promise<RecordFinding>;
  close(): void;
}

export function followRecord(context: RunContext, record: AgentRecord, baseline: Baseline, pasted: string, ring: () => void): FollowedRecord {
  const follower: RecordFollower = record.follow(baseline, pasted);
  const watch = new RecordWatch(() => follower.watchPaths(), ring, context.clock);
  return {
    poll: () => follower.poll(),
    close: () => {
      watch.close();
      follower.close();
    },
  };
}

/** The receipt: what the record holds, against what the caller gave. */
export function recordEvidence(context: RunContext, match: RecordMatch | undefined, prepared: readonly string[]): Evidence | undefined {
  if (!match) return undefined;
  const isSameText = match.text === context.prompt;
  return {
    source: "record",
    locator: match.locator,
    recordedAt: context.clock.now(),
    sentSha256: sha256(context.prompt),
    recordedSha256: sha256(match.text),
    exact: isSameText && match.beside.length === 0,
    // A change that was made for the agent and undone by it again (a blank at the end) is no difference.
    transformation: [...new Set([...(isSameText ? [] : [...prepared, ...match.transformation]), ...match.beside])],
    sessionId: match.sessionId,
  };
}

/** What only the screen told. */
export function screenEvidence(context: RunContext, prepared: readonly string[]): Evidence {
  return {
    source: "screen", locator: "", recordedAt: context.clock.now(), sentSha256: sha256(context.prompt), recordedSha256: "",
    exact: false, transformation: prepared, sessionId: "",
  };
}

/** One look into the record since the baseline; `only` where the text was proven to stand in this one. */
export async function readRecordOnce(record: AgentRecord, plan: TypingPlan, pasted: string, only?: string): Promise<RecordFinding> {
  const follower = record.follow(plan.baseline, pasted, only);
  try {
    return await follower.poll();
  } finally {
    follower.close();
  }
}
