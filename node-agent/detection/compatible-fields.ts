import type { AgentState, Detection } from "../../core/domain/detection.js";
import type { AgentAdapter } from "../agents/agent-adapter.js";

type Fields = Pick<Detection, "composerState" | "canReceivePrompt" | "canQueuePrompt" | "submitKeys" | "recommendedSubmitKey">;

/** The fields by which the predecessor told what may be sent now. */
export function compatibleFields(adapter: AgentAdapter | undefined, state: AgentState): Fields {
  const submitKey = adapter?.submitKey ?? "Enter";
  const active = state === "busy" || state === "queued";
  const canQueuePrompt = active && adapter?.queueKey !== undefined;
  return {
    composerState: state === "idle" ? "idle" : active ? "active" : "unknown",
    canReceivePrompt: adapter !== undefined && state === "idle",
    canQueuePrompt,
    submitKeys: adapter ? [...new Set([submitKey, ...(adapter.queueKey ? [adapter.queueKey] : [])])] : [],
    recommendedSubmitKey: adapter && state === "idle" ? submitKey : canQueuePrompt ? (adapter?.queueKey ?? "") : "",
  };
}
