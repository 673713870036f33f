import type { DeliveryOptions } from "../../core/domain/delivery.js";
import type { Reason } from "../../core/errors/reasons.js";
import type { AgentAdapter, SubmitKey } from "../agents/agent-adapter.js";
import type { Sight } from "./sight.js";

/** What to do with a pane as it is now. */
export type Decision =
  | { readonly act: "type"; readonly key: SubmitKey; readonly whileBusy: boolean }
  | { readonly act: "leave_copy_mode" }
  | { readonly act: "stash"; readonly key: string }
  /** Wait for a change; `patience` says how long before `reason` becomes the refusal. */
  | { readonly act: "wait"; readonly patience: "settle" | "start" | "draft" | "others" | "deadline"; readonly reason: Reason; readonly detail: string }
  | { readonly act: "refuse"; readonly reason: Reason; readonly detail: string };

/** Pure: from what is seen and what was asked for to the next act. Nothing but `type` and `stash` touches the composer. */
export function decide(sight: Sight, options: Pick<DeliveryOptions, "onBusy" | "onDraft" | "noSubmit" | "submitKey">): Decision {
  const { detection } = sight;
  if (sight.screen.dead) return refuse("pane_dead", "The pane's process has ended; nothing was typed.");
  if (sight.screen.inMode) return { act: "leave_copy_mode" };
  if (detection.targetKind === "shell") return refuse("is_shell", `The pane shows a shell (${detection.paneCommand}); nothing was typed.`);
  if (!sight.agent && sight.settling) return { act: "wait", patience: "settle", reason: "not_an_agent", detail: "no program holds the pane's terminal" };
  if (!sight.agent || !sight.reading) return refuse("not_an_agent", `The pane runs ${detection.paneCommand || "an unknown program"}, which is not a known agent; nothing was typed.`);
  switch (detection.state) {
    case "idle":
      return sight.reading.composer ? typeWith(sight.agent.adapter, sight.agent.adapter.submitKey ?? "Enter", false, options) : wait(options, "settle", "state_unknown", "the composer is not on the screen");
    case "draft":
      return draft(sight, options);
    case "busy":
    case "queued":
      return busy(sight, options);
    case "starting":
      return wait(options, "start", "agent_starting", "the agent is still starting");
    case "dialog":
      return waitOrRefuse(options, "dialog_open", `The agent asks a question${activity(sight)}; a key would answer it, so nothing was typed.`);
    case "menu":
      return waitOrRefuse(options, "menu_open", `A menu is open in the agent${activity(sight)}; nothing was typed.`);
    case "wedged":
      return refuse("agent_wedged", "The agent does not react to keys; nothing was typed.");
    case "exited":
      return refuse("agent_exited", "The agent has exited; nothing was typed.");
    default:
      return wait(options, "settle", "state_unknown", "the agent's screen could not be understood");
  }
}

/** The caller's own choice of key is taken where this agent knows the key. */
function typeWith(adapter: AgentAdapter | undefined, key: SubmitKey, whileBusy: boolean, { submitKey }: Pick<DeliveryOptions, "submitKey">): Decision {
  if (submitKey === "auto") return { act: "type", key, whileBusy };
  const asked = submitKey === "tab" ? "Tab" : "Enter";
  const known = [adapter?.submitKey ?? "Enter", ...(whileBusy ? [adapter?.queueKey, adapter?.steerKey] : [])];
  if (known.includes(asked)) return { act: "type", key: asked, whileBusy };
  return refuse("cannot_queue", `${adapter?.kind ?? "agent"} does not take a prompt with ${asked} in this state; nothing was typed.`);
}

function busy(sight: Sight, options: Pick<DeliveryOptions, "onBusy" | "onDraft" | "noSubmit" | "submitKey">): Decision {
  const adapter = sight.agent?.adapter;
  const kind = adapter?.kind ?? "agent";
  switch (options.onBusy) {
    case "refuse":
      if (sight.settling) return wait(options, "settle", "agent_busy", `the agent is busy${activity(sight)}`);
      return refuse("agent_busy", `The agent is busy${activity(sight)}; nothing was typed.`);
    case "when_idle":
      return { act: "wait", patience: "deadline", reason: "agent_busy", detail: `the agent is busy${activity(sight)}` };
    case "queue":
    case "steer":
    case "force": {
      const key = options.onBusy === "queue" ? adapter?.queueKey : options.onBusy === "steer" ? adapter?.steerKey : (adapter?.submitKey ?? "Enter");
      if (!key) return refuse("cannot_queue", `${kind} has no way to ${options.onBusy} a prompt; nothing was typed.`);
      if (!sight.reading?.composer) return wait(options, "settle", "state_unknown", "the composer is not on the screen");
      if (detectsDraft(sight)) return draft(sight, options);
      return typeWith(adapter, key, true, options);
    }
  }
}

function draft(sight: Sight, options: Pick<DeliveryOptions, "onBusy" | "onDraft">): Decision {
  const kind = sight.agent?.adapter.kind ?? "agent";
  const detail = "the composer holds unsent text that is not ours";
  if (options.onDraft === "stash") {
    const key = sight.agent?.adapter.stashKey;
    return key ? { act: "stash", key } : refuse("cannot_queue", `${kind} cannot put a draft aside; nothing was typed.`);
  }
  if (options.onDraft === "refuse") return refuse("draft_present", "The composer holds unsent text that is not ours; nothing was typed.");
  return wait(options, "draft", "draft_present", detail);
}

function detectsDraft(sight: Sight): boolean {
  const composer = sight.reading?.composer;
  return composer !== undefined && (composer.text.trim() !== "" || composer.markers.length > 0);
}

function wait(options: Pick<DeliveryOptions, "onBusy">, patience: "settle" | "start" | "draft", reason: Reason, detail: string): Decision {
  return { act: "wait", patience: options.onBusy === "when_idle" ? "deadline" : patience, reason, detail };
}

/** A prompt for "when idle" waits for the person who will answer the question. */
function waitOrRefuse(options: Pick<DeliveryOptions, "onBusy">, reason: Reason, sentence: string): Decision {
  if (options.onBusy !== "when_idle") return refuse(reason, sentence);
  return { act: "wait", patience: "deadline", reason, detail: reason === "menu_open" ? "a menu is open" : "the agent asks a question" };
}

function refuse(reason: Reason, detail: string): Decision {
  return { act: "refuse", reason, detail };
}

function activity(sight: Sight): string {
  return sight.detection.activity ? ` (${sight.detection.activity})` : "";
}
