import type { AgentState, DetectedTarget, Detection } from "../../core/domain/detection.js";
import type { Reason } from "../../core/errors/reasons.js";

/** What would be safe to do with a pane now. A refusal names what a delivery would be refused with. */
export type TriageAction =
  | { readonly kind: "send" | "queue"; readonly submitKey: string; readonly safeToApply: true; readonly reason: string }
  | { readonly kind: "refuse"; readonly safeToApply: false; readonly reason: string; readonly reasonCode: Reason; /** What a person can do about it. */ readonly advice: string };

export interface Triage extends DetectedTarget {
  readonly schemaVersion: "dispatch.agentTriage.v1";
  /** `ok`: a prompt can go in now. */
  readonly status: "ok" | "blocked";
  readonly action: TriageAction;
  /** The end of the screen, redacted, where it was asked for. */
  readonly excerpt?: { readonly text: string; readonly truncatedChars: number } | undefined;
}

const refusals: Readonly<Partial<Record<AgentState, readonly [Reason, string, string]>>> = {
  starting: ["agent_starting", "The agent is still starting.", "Wait a moment and look again."],
  draft: ["draft_present", "The composer holds unsent text of somebody else.", "Let its owner send or clear it, or put it aside with `dispatch send --on-draft stash`."],
  menu: ["menu_open", "A menu is open in the agent.", "Close it with `dispatch key --key Escape`."],
  dialog: ["dialog_open", "The agent asks a question that a person has to answer.", "Answer it in the pane."],
  copy_mode: ["copy_mode_stuck", "The pane is in a mode of tmux, so that its state may be an old one.", "Leave the mode in the pane and look again; a delivery leaves it by itself."],
  wedged: ["agent_wedged", "The agent does not react to keys.", "Look at it in the pane; start it again where it stays so."],
  exited: ["agent_exited", "The agent has exited.", "Start it again in that pane."],
};

/** Pure: what is wrong with a pane, if anything, and what would be safe to do with a prompt. Nothing is ever safe by force. */
export function triage({ target, detection }: DetectedTarget, { allowQueue = true }: { allowQueue?: boolean | undefined } = {}): Triage {
  const action = actionFor(detection, allowQueue);
  return { schemaVersion: "dispatch.agentTriage.v1", status: action.safeToApply ? "ok" : "blocked", target, detection, action };
}

function actionFor(detection: Detection, allowQueue: boolean): TriageAction {
  const { targetKind, agentKind, state, paneCommand } = detection;
  if (targetKind === "shell") return refuse("is_shell", `The pane shows a shell (${paneCommand}); a prompt would run as a command.`, "Start an agent there, or name another pane.");
  if (targetKind !== "agent") return refuse("not_an_agent", `The pane runs ${paneCommand || "no program"}, which is no known agent.`, "Name another pane, or describe the agent in a profile.");
  if (state === "idle" && detection.canReceivePrompt) return { kind: "send", submitKey: detection.recommendedSubmitKey || "Enter", safeToApply: true, reason: `${agentKind} is idle with an empty composer.` };
  if (state === "busy" || state === "queued") return busy(detection, allowQueue);
  const [code, reason, advice] = refusals[state] ?? ["state_unknown", "The agent's screen could not be understood.", "Look at it with `dispatch capture`."];
  return refuse(code, reason, advice);
}

function busy({ agentKind, hasDraft, canQueuePrompt, recommendedSubmitKey }: Detection, allowQueue: boolean): TriageAction {
  if (hasDraft) return refuse("draft_present", "The agent is busy, and its composer holds unsent text of somebody else.", "Let its owner send or clear it.");
  if (!allowQueue) return refuse("agent_busy", `${agentKind} is busy.`, "Look again when it is idle, or let the prompt be queued.");
  if (!canQueuePrompt) return refuse("cannot_queue", `${agentKind} is busy and has no queue of its own.`, "Send with `dispatch send --when-idle`, which keeps the prompt until it is idle.");
  return { kind: "queue", submitKey: recommendedSubmitKey, safeToApply: true, reason: `${agentKind} is busy and queues prompts.` };
}

function refuse(reasonCode: Reason, reason: string, advice: string): TriageAction {
  return { kind: "refuse", safeToApply: false, reason, reasonCode, advice };
}
