import { defaultRetries, defaultTimeoutMs, type DeliveryOptions } from "./delivery.js";

/** What a caller who asks for nothing special gets. */
export function deliveryOptions(asked: Partial<DeliveryOptions> = {}): DeliveryOptions {
  const onBusy = asked.onBusy ?? "refuse";
  return {
    onBusy,
    onDraft: asked.onDraft ?? "wait",
    waitFor: asked.waitFor ?? "delivered",
    timeoutMs: asked.timeoutMs ?? defaultTimeoutMs(onBusy),
    dryRun: asked.dryRun ?? false,
    noSubmit: asked.noSubmit ?? false,
    command: asked.command ?? false,
    strict: asked.strict ?? false,
    submitKey: asked.submitKey ?? "auto",
    minKeyDelayMs: asked.minKeyDelayMs ?? 0,
    retries: asked.retries ?? defaultRetries,
    mode: asked.mode ?? "paste",
    captureBeforeLines: asked.captureBeforeLines ?? 0,
  };
}
