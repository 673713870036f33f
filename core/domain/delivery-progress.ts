import type { Delivery, DeliveryOptions, DeliveryStatus, DeliveryStep } from "./delivery.js";

const ends: ReadonlySet<DeliveryStatus> = new Set([
  "delivered", "unconfirmed", "withdrawn", "refused", "failed", "cancelled", "expired", "dry_run", "typed",
] satisfies DeliveryStatus[]);

/** No later step can change what became of the prompt. `queued` is not an end: the agent may still drop it. */
export function hasEnded(status: DeliveryStatus): boolean {
  return ends.has(status);
}

/** Nothing more will be told: it has ended, and so has the turn where that is waited for. */
export function isOver({ status, reason, options, steps }: Pick<Delivery, "status" | "reason" | "options" | "steps">): boolean {
  const turnGoesOn = status === "delivered" && options.waitFor === "finished" && reason !== "deadline_exceeded" && steps.at(-1)?.step !== "finished";
  return hasEnded(status) && !turnGoesOn;
}

const statusAfter: Partial<Record<DeliveryStep, DeliveryStatus>> = {
  queued: "queued", delivered: "delivered", working: "delivered", finished: "delivered",
  refused: "refused", unconfirmed: "unconfirmed", withdrawn: "withdrawn", failed: "failed", cancelled: "cancelled", expired: "expired",
};

/** Status that a step leads to; a step that says nothing about the end leaves it as it was. */
export function statusOf(step: DeliveryStep, before: DeliveryStatus): DeliveryStatus {
  return statusAfter[step] ?? before;
}

/** Whether a caller has seen enough with this step. `queued` is enough only for one who reckoned with a busy agent. */
export function isEnough({ waitFor, onBusy }: Pick<DeliveryOptions, "waitFor" | "onBusy">, step: DeliveryStep, status: DeliveryStatus): boolean {
  if (waitFor === "accepted") return true;
  if (waitFor === "submitted" && step === "submitted") return true;
  if (waitFor === "finished" && status === "delivered") return step === "finished";
  return hasEnded(status) || (waitFor !== "finished" && status === "queued" && onBusy !== "refuse");
}
