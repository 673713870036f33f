import type { DeliveryStatus, DeliveryStep } from "../../core/domain/delivery.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { reasons, type Reason } from "../../core/errors/reasons.js";
import type { RecordFinding } from "../records/agent-record.js";
import type { TypingPlan } from "../store/journal-entry.js";
import type { Proof } from "./press-and-prove.js";
import { recordEvidence, screenEvidence } from "./prove.js";
import { Stopped, type RunContext } from "./run-context.js";
import type { Parked } from "./type-prompt.js";

/**
 * How far the text got, which decides what may be said about a failure. `left`: an earlier life of this node had begun to type, and what it
 * did last may not have reached the disk.
 */
export type Progress = "untouched" | "left" | "typing" | "typed";

type End = Extract<DeliveryStep & DeliveryStatus, "refused" | "unconfirmed" | "withdrawn" | "failed" | "cancelled" | "expired">;

function end(context: RunContext, step: End, reason: Reason, detail: string): void {
  const detection = context.lastSeen;
  context.log.step(context.id, step, detail, { reason, ...(detection ? { detection } : {}), change: { status: step, reason, ...(detection ? { detection } : {}) } });
}

/** Proven. `following`: the end of the turn is waited for. */
export function concludeDelivered(context: RunContext, plan: TypingPlan, finding: RecordFinding, phase: "ended" | "following"): void {
  const evidence = recordEvidence(context, finding.match, plan.transformation);
  context.log.step(context.id, "delivered", "The agent's record holds the prompt.", { evidence, change: { status: "delivered", reason: "", evidence, phase } });
}

/** The verdict on a delivery whose key was due. */
export function concludeProof(context: RunContext, plan: TypingPlan, proof: Proof): void {
  const { log, id } = context;
  switch (proof.end) {
    case "delivered":
      return concludeDelivered(context, plan, proof.finding, context.options.waitFor === "finished" ? "following" : "ended");
    case "taken": {
      const evidence = screenEvidence(context, plan.transformation);
      log.step(id, "delivered", `The composer took the ${context.options.command ? "command" : "prompt"}; what the agent made of it is not claimed.`, { evidence, change: { status: "delivered", reason: "", evidence, phase: "ended" } });
      return;
    }
    case "withdrawn":
      return end(context, "withdrawn", "withdrawn", "The prompt left the agent's queue without being taken.");
    case "rejected":
      return end(context, "failed", "prompt_blocked", "A hook of the agent turned the prompt away, so no model has it; the text may stand in the composer.");
    case "wedged":
      return end(context, "failed", "agent_wedged", "The text is in the composer, but the agent does not react to the key.");
    case "no_proof": {
      const elsewhere = recordEvidence(context, proof.elsewhere, plan.transformation);
      if (elsewhere) log.change(id, { evidence: { ...elsewhere, source: "none" } });
      return end(context, "unconfirmed", "no_proof", `The key was pressed, but ${proof.detail}.`);
    }
    case "not_submitted":
      return concludeNotSubmitted(context, proof.why);
  }
}

export function concludeNotSubmitted(context: RunContext, why: Exclude<Parked, { parked: true }>["why"] | "copy_mode"): void {
  switch (why) {
    case "dialog":
      return end(context, "unconfirmed", "dialog_open", "A question came up while the text was being typed; the key was not pressed, and the text is probably lost.");
    case "menu":
      return end(context, "failed", "menu_open", "The text opened a menu in the agent; the key was not pressed, and the text is still in the composer.");
    case "mixed":
      return end(context, "failed", "composer_mixed", "The composer holds something besides our text; the key was not pressed, and our text is still in the composer.");
    case "copy_mode":
      return end(context, "failed", "copy_mode_stuck", "The pane stays in copy mode; the key was not pressed, and the text is still in the composer.");
    case "gone":
    case "another_process":
      return end(context, "unconfirmed", "pane_changed", "The agent ended while the text was being typed; the key was not pressed.");
    case "not_shown":
      return end(context, "unconfirmed", "not_parked", "The text was typed but did not show up in the composer; the key was not pressed.");
  }
}

/** The verdict on a delivery that was stopped by an error. Nothing is claimed beyond how far it got. */
export function concludeError(context: RunContext, progress: Progress, error: unknown): void {
  const stopped = error instanceof Stopped ? error.why : undefined;
  const left = progress === "untouched" ? "nothing was typed" : progress !== "typed" ? "the text may have been typed" : "the text is in the composer, unsent";
  if (stopped === "cancelled") return end(context, "cancelled", "cancelled", `Cancelled; ${left}.`);
  if (stopped === "deadline" && progress === "untouched") return end(context, "expired", "deadline_exceeded", "The time ended before anything was typed.");
  if (stopped === "deadline") return end(context, "unconfirmed", "no_proof", `The time ended before the key was pressed; ${left}.`);
  const known = error instanceof DispatchError ? error : new DispatchError("internal", reasons.internal.sentence, { cause: error });
  if (progress === "untouched") return end(context, known.reason === "internal" ? "failed" : "refused", known.reason, known.message);
  const mayBePressed = progress === "left" || context.log.entry(context.id).delivery.presses > 0;
  const where = mayBePressed ? "the key may have been pressed, and what became of it could not be followed" : "the key was not pressed, and the text may be in the composer";
  end(context, "unconfirmed", known.reason, `${known.message} The text ${progress === "typed" ? "was" : "may have been"} typed; ${where}.`);
}
