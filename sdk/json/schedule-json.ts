import { kindOf, type Occurrence, type Schedule } from "../../core/domain/schedule.js";
import { addressKey } from "../../core/domain/bulk.js";
import { formatAddress } from "../../core/domain/target-address.js";

/** A schedule as `--json` prints it: the predecessor's fields, and ours. Where the prompt was not asked for, its preview alone is there. */
export function scheduleJson(schedule: Schedule): Record<string, unknown> {
  const { id, spec, status, detail, promptPreview } = schedule;
  const { timing, targets, options, prompt, select, sessions } = spec;
  const first = targets[0];
  return {
    id, kind: kindOf(spec), name: spec.name || null, status, detail: detail || null,
    options: { ...options, target: first ? formatAddress(first) : null, machine: first?.machine || "local", server: first?.server || null, ...(prompt !== "" && { prompt }) },
    targets: targets.map(formatAddress), select: select ?? null, sessions: sessions ?? null, limits: spec.limits, promptPreview,
    at: timing.type === "at" ? timing.at : null,
    cron: timing.type === "cron" ? timing.cron : null,
    every: timing.type === "every" ? timing.everyMs : null,
    intervalMs: timing.type === "every" ? timing.everyMs : null,
    timeZone: spec.timeZone, jitterMs: spec.jitterMs, start: spec.start ?? null, end: spec.end ?? null, maxRuns: spec.maxRuns || null, policy: spec.policy,
    nextRun: schedule.nextRun ?? null, nextSlots: schedule.nextSlots, runs: schedule.runs,
    lastDispatchId: schedule.lastDeliveryId || null, lastFiredAt: schedule.lastFiredAt ?? null,
    lastFailureAt: schedule.lastFailureAt ?? null, lastFailureReason: schedule.lastFailureReason || null,
    failureCount: schedule.failureCount, consecutiveFailures: schedule.consecutiveFailures,
    createdAt: schedule.createdAt, updatedAt: schedule.updatedAt,
  };
}

export function occurrenceJson(occurrence: Occurrence): Record<string, unknown> {
  const { reason, detail, until, claimedAt, startedAt, endedAt, targets, ...rest } = occurrence;
  return {
    ...rest, until: until ?? null, reason: reason || null, detail: detail || null,
    claimedAt: claimedAt ?? null, startedAt: startedAt ?? null, endedAt: endedAt ?? null,
    targets: targets.map(({ target, ...one }) => ({ ...one, target: formatAddress(target), address: addressKey(target), reason: one.reason || null, detail: one.detail || null })),
  };
}
