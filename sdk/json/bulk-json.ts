import type { BulkRequest } from "../../core/domain/bulk.js";
import type { Delivery } from "../../core/domain/delivery.js";
import type { BulkResult } from "../bulk-run.js";
import { deliveryJson } from "./delivery-json.js";

const good: ReadonlySet<Delivery["status"]> = new Set(["delivered", "queued", "dry_run", "typed"]);
const untouched: ReadonlySet<Delivery["status"]> = new Set(["refused", "cancelled", "expired"]);

/** How many of a bulk went well, were left alone, or went wrong. */
export function bulkCounts(deliveries: readonly Delivery[]): { delivered: number; skipped: number; failed: number } {
  const delivered = deliveries.filter(({ status }) => good.has(status)).length;
  const skipped = deliveries.filter(({ status }) => untouched.has(status)).length;
  return { delivered, skipped, failed: deliveries.length - delivered - skipped };
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
