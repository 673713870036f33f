import type { Delivery, DeliveryUpdate } from "../../core/domain/delivery.js";
import { statusOf } from "../../core/domain/delivery-progress.js";

/** The delivery as it is after a step of its node. A node's whole delivery, where the step carries it, has the last word. */
export function applyUpdate(before: Delivery, update: DeliveryUpdate): Delivery {
  const told = update.delivery;
  const { delivery: _, ...step } = update;
  const steps = [...before.steps.filter((known) => known.sequence < step.sequence), step];
  if (told) {
    const { id, key, requestedTarget, createdAt, promptBytes, promptSha256, options } = before;
    return { ...told, id, key, requestedTarget, createdAt, promptBytes, promptSha256, options, steps };
  }
  return {
    ...before,
    status: statusOf(step.step, before.status),
    reason: step.reason || before.reason,
    detail: step.detail,
    evidence: step.evidence ?? before.evidence,
    detection: step.detection ?? before.detection,
    answer: step.answer ?? before.answer,
    updatedAt: step.at,
    steps,
  };
}
