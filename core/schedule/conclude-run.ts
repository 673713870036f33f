import type { Occurrence, OccurrenceTarget, Schedule, ScheduleSpec } from "../domain/schedule.js";
import type { Place } from "./new-schedule.js";
import { nextSlot } from "./next-slot.js";
import { dueOf } from "./plan-slots.js";

const hourMs = 3_600_000;

export interface RunOutcome {
  readonly status: "delivered" | "queued" | "failed" | "unconfirmed";
  readonly reason: string;
  readonly detail: string;
}

/** Nothing was typed, so that another try cannot type twice. */
export function canRetry({ status }: Pick<OccurrenceTarget, "status">): boolean {
  return status === "refused" || status === "expired";
}

/** What became of a slot, from what became of each of its targets: as good as the worst of them. */
export function outcomeOf(targets: readonly OccurrenceTarget[]): RunOutcome {
  if (targets.length === 0) return { status: "failed", reason: "not_found", detail: "No target was found." };
  const good = targets.filter(({ status }) => status === "delivered");
  const bad = targets.find(({ status }) => status !== "delivered" && status !== "queued" && status !== "unconfirmed");
  const worst = bad ?? targets.find(({ status }) => status === "unconfirmed") ?? targets.find(({ status }) => status === "queued");
  const many = targets.length > 1 ? `${good.length} of ${targets.length} delivered. ` : "";
  if (!worst) return { status: "delivered", reason: "", detail: many.trim() };
  const status = worst === bad ? "failed" : worst.status === "queued" ? "queued" : "unconfirmed";
  return { status, reason: worst.reason || (worst === bad ? worst.status : ""), detail: `${many}${worst.detail}`.trim() };
}

/** How long a slot is tried again for which nothing was typed. */
export function retryWindowOf({ timing, policy }: Pick<ScheduleSpec, "timing" | "policy">): number {
  return policy.retryWindowMs ?? (timing.type === "at" ? hourMs : 0);
}

/**
 * When a slot is to be tried again; undefined where it is not. `firstTry` is when it was first started. Never beyond the schedule's next
 * slot: that is the next try then.
 */
export function retryAt({ spec, nextDue }: { spec: Pick<ScheduleSpec, "timing" | "policy">; nextDue?: Date | undefined }, targets: readonly OccurrenceTarget[], firstTry: Date, now: Date): Date | undefined {
  const failed = targets.filter(({ status }) => status !== "delivered");
  if (!failed.some(canRetry) && targets.length > 0) return undefined;
  const next = new Date(now.getTime() + spec.policy.retryEveryMs);
  if (next.getTime() - firstTry.getTime() > retryWindowOf(spec)) return undefined;
  return nextDue && next >= nextDue ? undefined : next;
}

/**
 * The schedule after one of its slots has ended. `more` tells whether it has another slot or another open occurrence. A manual run
 * leaves the status as it is.
 */
export function afterRun<S extends Schedule>(schedule: S, outcome: RunOutcome, { deliveryId, more, manual, now }: { deliveryId: string; more: boolean; manual: boolean; now: Date }): S {
  const succeeded = outcome.status === "delivered";
  const consecutiveFailures = succeeded ? 0 : schedule.consecutiveFailures + 1;
  const counted: S = {
    ...schedule, updatedAt: now, lastFiredAt: now, lastDeliveryId: deliveryId || schedule.lastDeliveryId, consecutiveFailures,
    failureCount: schedule.failureCount + (succeeded ? 0 : 1),
    lastFailureAt: succeeded ? undefined : now,
    lastFailureReason: succeeded ? "" : [outcome.reason, outcome.detail].filter((part) => part !== "").join(": "),
  };
  if (manual || schedule.status === "cancelled") return counted;
  if (!more) return over(counted, succeeded);
  const { pauseAfterFailures } = schedule.spec.policy;
  if (pauseAfterFailures === 0 || consecutiveFailures < pauseAfterFailures || schedule.status !== "scheduled") return counted;
  return { ...counted, status: "paused", detail: `Paused after ${consecutiveFailures} failures in a row.` };
}

/** The schedule when it turns out that a run which counted as a failure was delivered. */
export function afterLateProof<S extends Schedule>(schedule: S, { endedAt }: Pick<Occurrence, "endedAt">): S {
  const failureCount = Math.max(0, schedule.failureCount - 1);
  if (schedule.lastFailureAt?.getTime() !== endedAt?.getTime()) return { ...schedule, failureCount };
  const status = schedule.status === "failed" ? "fired" : schedule.status;
  return { ...schedule, status, failureCount, consecutiveFailures: 0, lastFailureAt: undefined, lastFailureReason: "" };
}

/** Slots that were left out before they were tried count as no runs: it goes on after them where `maxRuns` had ended it. */
export function givenBack<S extends Schedule & Pick<Place, "anchor"> & Partial<Place>>(schedule: S, passed: readonly Occurrence[]): S {
  const untried = passed.filter(({ attempts, manual }) => attempts === 0 && !manual);
  const [last] = untried.toSorted((a, b) => b.slot.getTime() - a.slot.getTime());
  if (!last) return schedule;
  const { id, spec, anchor, status } = schedule;
  const runs = schedule.runs - untried.length;
  if (schedule.nextSlot || (status !== "scheduled" && status !== "paused")) return { ...schedule, runs };
  const slot = nextSlot(spec, last.slot, anchor);
  return { ...schedule, runs, nextSlot: slot, nextDue: slot && dueOf(id, slot, spec) };
}

/** No slot is left and nothing is under way: a one-shot that was not delivered has failed; any other has had its slots. */
export function over<S extends Schedule>(schedule: S, succeeded: boolean): S {
  const failed = schedule.spec.timing.type === "at" && !succeeded;
  return { ...schedule, status: failed ? "failed" : "fired", nextRun: undefined };
}
