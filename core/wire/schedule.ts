import { catchUpPolicies, type AskedTiming, type CatchUpPolicy, type Occurrence, type OccurrenceStatus, type OverlapPolicy, type Schedule, type SchedulePolicy, type ScheduleSpec, type ScheduleStatus, type SchedulerStatus, type Timing } from "../domain/schedule.js";
import { DispatchError } from "../errors/dispatch-error.js";
import {
  CatchUpPolicy as WireCatchUp, OccurrenceStatus as WireOccurrenceStatus, OverlapPolicy as WireOverlap, ScheduleStatus as WireStatus,
  type Occurrence as WireOccurrence, type Schedule as WireSchedule, type SchedulePolicy as WirePolicy, type ScheduleSpec as WireSpec,
  type SchedulerStatus as WireSchedulerStatus, type ScheduleTiming as WireTiming,
} from "../../proto/gen/dispatch/v1/schedule.js";
import { bulkRequestFromWire, bulkRequestToWire } from "./bulk.js";
import { deliveryStatus } from "./delivery.js";
import { durationFromWire, durationToWire } from "./duration.js";
import { enumCodec } from "./enum-codec.js";
import { addressFromWire } from "./target.js";

export const scheduleStatus = enumCodec<ScheduleStatus, WireStatus>(WireStatus, "SCHEDULE_STATUS", "scheduled");
export const occurrenceStatus = enumCodec<OccurrenceStatus, WireOccurrenceStatus>(WireOccurrenceStatus, "OCCURRENCE_STATUS", "due");
const overlap = enumCodec<OverlapPolicy, WireOverlap>(WireOverlap, "OVERLAP_POLICY", "skip");
const catchUp = enumCodec<CatchUpPolicy, WireCatchUp>(WireCatchUp, "CATCH_UP_POLICY", catchUpPolicies[1]);

const epoch = new Date(0);
const defaultRetryMs = 60_000;
const optionalDuration = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : durationToWire(milliseconds));

export const scheduleStatusFilterToWire = (status: ScheduleStatus | undefined): WireStatus => (status ? scheduleStatus.toWire(status) : WireStatus.UNSPECIFIED);
export const scheduleStatusFilterFromWire = (status: WireStatus): ScheduleStatus | undefined => (status === WireStatus.UNSPECIFIED ? undefined : scheduleStatus.fromWire(status));
export const occurrenceStatusFilterToWire = (status: OccurrenceStatus | undefined): WireOccurrenceStatus => (status ? occurrenceStatus.toWire(status) : WireOccurrenceStatus.UNSPECIFIED);
export const occurrenceStatusFilterFromWire = (status: WireOccurrenceStatus): OccurrenceStatus | undefined => (status === WireOccurrenceStatus.UNSPECIFIED ? undefined : occurrenceStatus.fromWire(status));

export function scheduleSpecToWire({ timing, policy, jitterMs, targets, select, sessions, limits, prompt, options, ...rest }: ScheduleSpec<AskedTiming>): WireSpec {
  const { key: _, ...what } = bulkRequestToWire({ key: "", targets, select, sessions, limits, prompt, options });
  return { ...rest, ...what, timing: timingToWire(timing), jitter: durationToWire(jitterMs), policy: policyToWire(policy), start: rest.start, end: rest.end };
}

/** Unset fields take the defaults that the contract names. Exactly one timing, or `invalid_argument`. */
export function scheduleSpecFromWire(spec: WireSpec | undefined): ScheduleSpec<AskedTiming> {
  if (!spec) throw new DispatchError("invalid_argument", "spec: it is missing.", { metadata: { field: "spec" } });
  const { targets, select, sessions, limits, prompt, options, timing, policy, jitter, ...rest } = spec;
  const { key: _, ...what } = bulkRequestFromWire({ key: "", targets, select, sessions, limits, prompt, options });
  return { ...rest, ...what, timing: timingFromWire(timing), policy: policyFromWire(policy), jitterMs: jitter ? durationFromWire(jitter) : 0, timeZone: rest.timeZone || "UTC" };
}

function timingToWire(timing: AskedTiming): WireTiming {
  return {
    at: timing.type === "at" ? timing.at : undefined,
    delay: timing.type === "delay" ? durationToWire(timing.delayMs) : undefined,
    cron: timing.type === "cron" ? timing.cron : "",
    every: timing.type === "every" ? durationToWire(timing.everyMs) : undefined,
  };
}

function timingFromWire(timing: WireTiming | undefined): AskedTiming {
  const asked: AskedTiming[] = [];
  if (timing?.at) asked.push({ type: "at", at: timing.at });
  if (timing?.delay) asked.push({ type: "delay", delayMs: durationFromWire(timing.delay) });
  if (timing?.cron) asked.push({ type: "cron", cron: timing.cron });
  if (timing?.every) asked.push({ type: "every", everyMs: durationFromWire(timing.every) });
  const [one, ...others] = asked;
  if (one && others.length === 0) return one;
  throw new DispatchError("invalid_argument", "timing: give exactly one of at, delay, cron and every.", { metadata: { field: "timing" } });
}

function policyToWire(policy: SchedulePolicy): WirePolicy {
  return {
    overlap: overlap.toWire(policy.overlap), catchUp: catchUp.toWire(policy.catchUp), catchUpWindow: optionalDuration(policy.catchUpWindowMs),
    retryEvery: durationToWire(policy.retryEveryMs), retryWindow: optionalDuration(policy.retryWindowMs), pauseAfterFailures: policy.pauseAfterFailures,
  };
}

function policyFromWire(policy: WirePolicy | undefined): SchedulePolicy {
  return {
    overlap: overlap.fromWire(policy?.overlap ?? WireOverlap.UNSPECIFIED),
    catchUp: catchUp.fromWire(policy?.catchUp ?? WireCatchUp.UNSPECIFIED),
    catchUpWindowMs: policy?.catchUpWindow && durationFromWire(policy.catchUpWindow),
    retryEveryMs: policy?.retryEvery ? durationFromWire(policy.retryEvery) : defaultRetryMs,
    retryWindowMs: policy?.retryWindow && durationFromWire(policy.retryWindow),
    pauseAfterFailures: policy?.pauseAfterFailures ?? 0,
  };
}

export function scheduleToWire(schedule: Schedule): WireSchedule {
  const { id, spec, status, detail, nextRun, nextSlots, runs, lastDeliveryId, lastFiredAt, lastFailureAt, lastFailureReason, failureCount, consecutiveFailures, createdAt, updatedAt } = schedule;
  return {
    id, detail, nextRun, runs, lastDeliveryId, lastFiredAt, lastFailureAt, lastFailureReason, failureCount, consecutiveFailures, createdAt, updatedAt,
    promptPreview: schedule.promptPreview, nextSlots: [...nextSlots], spec: scheduleSpecToWire(spec), status: scheduleStatus.toWire(status),
  };
}

export function scheduleFromWire(schedule: WireSchedule | undefined): Schedule {
  if (!schedule) throw new DispatchError("internal", "An answer lacks its schedule.");
  const spec = scheduleSpecFromWire(schedule.spec);
  return {
    ...schedule, spec: { ...spec, timing: spec.timing as Timing }, status: scheduleStatus.fromWire(schedule.status),
    createdAt: schedule.createdAt ?? epoch, updatedAt: schedule.updatedAt ?? epoch,
  };
}

export function occurrenceToWire(occurrence: Occurrence): WireOccurrence {
  const { scheduleId, slot, until, dueAt, status, reason, detail, attempts, targets, claimedAt, startedAt, endedAt, manual } = occurrence;
  return {
    scheduleId, slot, until, dueAt, reason, detail, attempts, claimedAt, startedAt, endedAt, manual, status: occurrenceStatus.toWire(status),
    targets: targets.map((one) => ({ ...one, status: deliveryStatus.toWire(one.status) })),
  };
}

export function occurrenceFromWire(occurrence: WireOccurrence | undefined): Occurrence {
  if (!occurrence) throw new DispatchError("internal", "An answer lacks its occurrence.");
  return {
    ...occurrence, slot: occurrence.slot ?? epoch, dueAt: occurrence.dueAt ?? epoch, status: occurrenceStatus.fromWire(occurrence.status),
    targets: occurrence.targets.map((one) => ({ ...one, target: addressFromWire(one.target), status: deliveryStatus.fromWire(one.status) })),
  };
}

export function schedulerStatusToWire(status: SchedulerStatus): WireSchedulerStatus {
  return { ...status, schedules: { ...status.schedules }, nextDue: status.nextDue, lastTickAt: status.lastTickAt, recentFailures: status.recentFailures.map(scheduleToWire), next: status.next && scheduleToWire(status.next) };
}

export function schedulerStatusFromWire(status: WireSchedulerStatus | undefined): SchedulerStatus | undefined {
  return status && { ...status, recentFailures: status.recentFailures.map(scheduleFromWire), next: status.next && scheduleFromWire(status.next) };
}
