import { defaultConcurrency, maxConcurrency, type BulkEvent, type BulkLimits, type BulkRequest } from "../domain/bulk.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { BulkSendRequest, BulkSendResponse } from "../../proto/gen/dispatch/v1/bulk.js";
import { deliveryFromWire, deliveryToWire, updateFromWire, updateToWire } from "./delivery.js";
import { defined } from "../defined.js";
import { deliveryOptionsFromWire, deliveryOptionsToWire } from "./delivery-options.js";
import { durationFromWire, durationToWire } from "./duration.js";
import { addressFromWire } from "./target.js";

export function bulkRequestToWire({ options, targets, select, sessions, limits, ...rest }: BulkRequest): BulkSendRequest {
  return {
    ...rest,
    options: deliveryOptionsToWire(options),
    targets: [...targets],
    select: select && { agent: "", state: "", cwd: "", session: "", window: "", machine: "", ...defined(select), server: select.server ?? "" },
    sessions: sessions && { ...sessions },
    limits: { maxConcurrency: limits.maxConcurrency, perMachine: limits.perMachine, jitter: durationToWire(limits.jitterMs), stagger: durationToWire(limits.staggerMs ?? 0) },
  };
}

export function bulkRequestFromWire({ options, targets, limits, ...rest }: BulkSendRequest): BulkRequest {
  return { ...rest, options: deliveryOptionsFromWire(options), targets: targets.map(addressFromWire), limits: limitsFromWire(limits) };
}

function limitsFromWire(limits: BulkSendRequest["limits"]): BulkLimits {
  const atOnce = checkedLimit(limits?.maxConcurrency || defaultConcurrency, "max_concurrency");
  return {
    maxConcurrency: atOnce,
    perMachine: checkedLimit(limits?.perMachine || atOnce, "per_machine"),
    jitterMs: limits?.jitter ? durationFromWire(limits.jitter) : 0,
    staggerMs: limits?.stagger ? durationFromWire(limits.stagger) : 0,
  };
}

function checkedLimit(limit: number, field: string): number {
  if (limit <= maxConcurrency) return limit;
  throw new DispatchError("invalid_argument", `limits.${field}: must be 1 to ${maxConcurrency}.`, { metadata: { field, value: String(limit) } });
}

export function bulkEventToWire(event: BulkEvent): BulkSendResponse {
  switch (event.type) {
    case "planned":
      return { planned: [...event.targets], index: 0, update: undefined, delivery: undefined };
    case "step":
      return { planned: [], index: event.index, update: updateToWire(event.update), delivery: undefined };
    case "result":
      return { planned: [], index: event.index, update: undefined, delivery: deliveryToWire(event.delivery) };
  }
}

/** The first event of a bulk is the plan, also where it is empty. */
export function bulkEventFromWire({ planned, index, update, delivery }: BulkSendResponse): BulkEvent {
  if (delivery) return { type: "result", index, delivery: deliveryFromWire(delivery) };
  if (update) return { type: "step", index, update: updateFromWire(update) };
  return { type: "planned", targets: planned };
}
