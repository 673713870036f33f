import type { AgentState } from "../../core/domain/detection.js";
import type { ScreenReading } from "../agents/agent-adapter.js";

/** What a record says of its agent's state. */
export interface RecordState {
  readonly state: AgentState;
  readonly sessionId: string;
  readonly detail: string;
}

/**
 * The state by screen and record together. Where they disagree the one that forbids more wins: a question over all, then what the
 * screen shows open over the composer, then a start that is not over or a running turn. Only a screen that proves an empty composer can make an agent idle.
 */
export function combineStates(reading: ScreenReading, record: RecordState | undefined): AgentState {
  if (reading.state === "dialog" || record?.state === "dialog") return "dialog";
  const atRest = reading.state === "idle" || reading.state === "draft";
  return atRest && (record?.state === "busy" || record?.state === "starting") ? record.state : reading.state;
}

/** A sentence where screen and record tell different things of the same agent; a question within a turn is no contradiction. */
export function disagreement(reading: ScreenReading, record: RecordState | undefined): string | undefined {
  const screen = reading.state;
  if (!record || screen === "unknown" || screen === "starting" || screen === "menu") return undefined;
  const atRest = screen === "idle" || screen === "draft";
  const agree = record.state === "idle" ? atRest : record.state === "busy" ? !atRest : record.state === screen;
  return agree ? undefined : `the screen shows ${screen}, the record says ${record.state}`;
}
