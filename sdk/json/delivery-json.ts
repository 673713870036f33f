import type { Delivery } from "../../core/domain/delivery.js";
import { hintFor } from "../../core/errors/hint-for.js";
import { execJson } from "./exec-json.js";
import { paneOf } from "./pane-of.js";
import { recordFields } from "./record-fields.js";
import { detectionJson } from "./target-json.js";

/** A delivery as `--json` prints it. */
export function deliveryJson(delivery: Delivery): Record<string, unknown> {
  const { target, evidence, detection } = delivery;
  return {
    id: delivery.id,
    kind: delivery.kind,
    key: delivery.key,
    target: paneOf(delivery),
    machine: delivery.machine,
    status: delivery.status,
    reason: delivery.reason || null,
    detail: delivery.detail,
    hint: hintFor(delivery) || null,
    // The predecessor knew it of account switches alone, and named those.
    actionNeeded: delivery.reason === "action_needed",
    authSwitchDetected: delivery.reason === "action_needed",
    ...recordFields(delivery),
    evidence: evidence ?? null,
    detection: detection ? detectionJson(detection) : null,
    steps: delivery.steps.map(stepJson),
    timings: timings(delivery),
    answer: delivery.answer || null,
    pane: target ?? null,
    requestedTarget: delivery.requestedTarget,
    presses: delivery.presses,
    keyName: delivery.keyName || null,
    promptBytes: delivery.promptBytes,
    promptSha256: delivery.promptSha256,
    createdAt: delivery.createdAt,
    updatedAt: delivery.updatedAt,
    options: delivery.options,
    ...execJson(delivery),
  };
}

export function stepJson(step: Delivery["steps"][number]): Record<string, unknown> {
  return { at: step.at, step: step.step, detail: step.detail, reason: step.reason || null };
}

/** Milliseconds from each step to the next, and from first to last. */
function timings({ steps }: Delivery): Record<string, unknown> {
  const between = steps.slice(1).map((step, index) => {
    const before = steps[index] ?? step;
    return { from: before.step, to: step.step, ms: step.at.getTime() - before.at.getTime() };
  });
  return { totalMs: between.reduce((sum, { ms }) => sum + ms, 0), between };
}
