import type { BulkRequest } from "../../core/domain/bulk.js";
import type { Delivery } from "../../core/domain/delivery.js";
import type { BulkResult } from "../bulk-run.js";
import { deliveryJson } from "./delivery-json.js";

const untouched: ReadonlySet<Delivery["status"]> = new Set(["refused", "cancelled", "expired", "dry_run"]);

export interface BulkCounts {
  readonly delivered: number;
  /** Held by the agents for their next turns. */
  readonly queued: number;
  /** Left in the composers, as asked. */
  readonly typed: number;
  /** Nothing was typed; in a dry run that is all. */
  readonly skipped: number;
  readonly failed: number;
}

/** What became of a bulk, in numbers that add up to its deliveries. */
export function bulkCounts(deliveries: readonly Delivery[]): BulkCounts {
  const [delivered = 0, queued = 0, typed = 0] = (["delivered", "queued", "typed"] as const).map((wanted) => deliveries.filter(({ status }) => status === wanted).length);
  const skipped = deliveries.filter(({ status }) => untouched.has(status)).length;
  return { delivered, queued, typed, skipped, failed: deliveries.length - delivered - queued - typed - skipped };
}

/** Every target has the prompt; of a dry run it is enough that nothing went wrong. */
export function isBulkComplete({ deliveries }: BulkResult, dryRun: boolean): boolean {
  const { skipped, failed } = bulkCounts(deliveries);
  return deliveries.length > 0 && failed === 0 && (skipped === 0 || dryRun);
}

/** A bulk as `--json` prints it: the predecessor's fields, with our deliveries as records. */
export function bulkJson(result: BulkResult, { options, limits, sessions, key }: BulkRequest): Record<string, unknown> {
  const { targets, deliveries } = result;
  return {
    key,
    status: isBulkComplete(result, options.dryRun) ? "completed" : "failed",
    source: sessions ? "sessions-query" : "explicit",
    requested: targets.length,
    planned: deliveries.length,
    ...bulkCounts(deliveries),
    dryRun: options.dryRun,
    maxConcurrency: limits.maxConcurrency,
    perMachineLimit: limits.perMachine,
    jitterMs: limits.jitterMs,
    staggerMs: limits.staggerMs ?? 0,
    records: deliveries.map(deliveryJson),
    detail: targets.length === 0 ? "No target was found." : null,
  };
}
