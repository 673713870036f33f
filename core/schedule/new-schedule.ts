import { promptPreview, type Schedule, type ScheduleSpec } from "../domain/schedule.js";
import { nextSlot } from "./next-slot.js";
import { dueOf } from "./plan-slots.js";

/** Where a schedule goes on: the grid of its interval, its next slot and when that starts. */
export interface Place {
  readonly anchor: Date;
  /** The next slot is the first one after this: a clock that is before it was set back. */
  readonly reckonedAt?: Date | undefined;
  readonly nextSlot: Date | undefined;
  readonly nextDue: Date | undefined;
}

/** The next slot from now on. A one-shot keeps its slot, and is due now where that is past. */
export function placeFrom(id: string, spec: ScheduleSpec, now: Date): Place {
  // With a start that is still to come, the first run of an interval is at the start; else one interval from now.
  const anchor = spec.start && spec.start > now ? spec.start : now;
  if (spec.timing.type === "at") {
    const { at } = spec.timing;
    return { anchor, nextSlot: at, nextDue: at < now ? now : dueOf(id, at, spec) };
  }
  const slot = nextSlot(spec, now, anchor);
  return { anchor, reckonedAt: now, nextSlot: slot, nextDue: slot && dueOf(id, slot, spec) };
}

/** A schedule that has just been asked for. */
export function newSchedule(id: string, spec: ScheduleSpec, now: Date): Schedule & Place {
  return {
    id, spec, ...placeFrom(id, spec, now), status: "scheduled", detail: "", nextSlots: [], runs: 0, lastDeliveryId: "", lastFailureReason: "", failureCount: 0, consecutiveFailures: 0,
    createdAt: now, updatedAt: now, promptPreview: promptPreview(spec.prompt),
  };
}
