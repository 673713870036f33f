import type { Reason } from "../../core/errors/reasons.js";
import type { Sight } from "../delivery/sight.js";
import type { KeyName } from "./key-names.js";

/** Why a key is not pressed; undefined where it may be. */
export interface KeyRefusal {
  readonly reason: Reason;
  readonly detail: string;
}

/**
 * Pure: may this key go to what is seen? Only to an agent. Enter submits, answers and confirms, so it is pressed only where it cannot:
 * an idle composer without a draft. Tab completes or queues: never in a dialog or an unknown state. The others move and dismiss.
 */
export function decideKey(sight: Sight, key: KeyName): KeyRefusal | undefined {
  const { detection, screen } = sight;
  if (screen.dead) return refuse("pane_dead", "The pane's process has ended");
  if (detection.targetKind === "shell") return refuse("is_shell", `The pane shows a shell (${detection.paneCommand})`);
  if (!sight.agent) return refuse("not_an_agent", `The pane runs ${detection.paneCommand || "an unknown program"}, which is not a known agent`);
  if (key === "Enter") return refuseEnter(sight);
  if (key === "Tab" && ["dialog", "unknown", "starting"].includes(detection.state)) return refuse(detection.state === "dialog" ? "dialog_open" : "state_unknown", "Tab could choose an answer here");
  return undefined;
}

function refuseEnter({ detection }: Sight): KeyRefusal | undefined {
  switch (detection.state) {
    case "idle":
      return undefined;
    case "draft":
      return refuse("draft_present", "Enter would send the text that somebody left in the composer");
    case "dialog":
      return refuse("dialog_open", "Enter would answer the agent's question");
    case "menu":
      return refuse("menu_open", "Enter would choose from the open menu");
    case "busy":
    case "queued":
      return refuse("agent_busy", "Enter is pressed in an idle agent only, and this one is busy");
    case "starting":
      return refuse("agent_starting", "The agent is still starting");
    default:
      return refuse("state_unknown", "What Enter would do here is not known");
  }
}

function refuse(reason: Reason, sentence: string): KeyRefusal {
  return { reason, detail: `${sentence}; no key was pressed.` };
}
