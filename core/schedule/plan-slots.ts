import type { OccurrenceStatus, PassReason, ScheduleSpec } from "../domain/schedule.js";
import { jitterOf } from "./jitter.js";
import { pastSlots } from "./next-slot.js";

/** A slot this late is still on time: it was held up by us, not missed. */
export const onTimeMs = 10_000;
/** Missed slots that get a row each; the ones before them share one. */
export const maxMissedRows = 1_000;
const hourMs = 3_600_000;

/** A schedule that is due, and what of it is under way. */
export interface DueSchedule {
  readonly id: string;
  readonly spec: ScheduleSpec;
  readonly anchor: Date;
  readonly nextSlot: Date;
  readonly nextDue: Date;
  readonly runs: number;
  /** Occurrences that have not ended. */
  readonly open: number;
  /** Of those, the ones that wait for others to end. */
  readonly waiting: number;
}

/** A row to write. */
export interface PlannedSlot {
  readonly slot: Date;
  readonly until?: Date | undefined;
  readonly dueAt: Date;
  readonly status: Extract<OccurrenceStatus, "due" | "skipped" | "missed">;
  readonly reason: "" | PassReason;
  /** Due, but only once all earlier ones have ended. */
  readonly waiting: boolean;
}

export interface SlotPlan {
  readonly rows: readonly PlannedSlot[];
  /** Undefined where no slot is left. */
  readonly next: { readonly slot: Date; readonly due: Date } | undefined;
}

/** When a slot is to start. */
export function dueOf(id: string, slot: Date, { jitterMs }: Pick<ScheduleSpec, "jitterMs">): Date {
  return new Date(slot.getTime() + jitterOf(id, slot, jitterMs));
}

/**
 * What becomes of every slot that is due by now, and which comes next. Each slot from `nextSlot` on is in exactly one row: run now, run
 * after others, left out, or missed.
 */
export function planSlots(schedule: DueSchedule, now: Date): SlotPlan {
  const { id, spec, anchor } = schedule;
  const past = pastSlots(spec, schedule.nextSlot, now, anchor, maxMissedRows);
  const dueAt = (slot: Date): Date => (slot.getTime() === schedule.nextSlot.getTime() ? schedule.nextDue : dueOf(id, slot, spec));
  const notYet = past.slots.findIndex((slot) => dueAt(slot) > now);
  const slots = notYet < 0 ? past.slots : past.slots.slice(0, notYet);
  const following = notYet < 0 ? past.following : past.slots[notYet];
  const late = (slot: Date): number => now.getTime() - dueAt(slot).getTime();
  const toRun = new Set(slotsToRun(slots, late, spec, following));
  const rows: PlannedSlot[] = [];
  if (past.before) rows.push({ slot: schedule.nextSlot, until: past.before, dueAt: schedule.nextDue, status: "missed", reason: toRun.size > 0 ? "superseded" : "not_running", waiting: false });
  const counts = { open: schedule.open, waiting: schedule.waiting, left: spec.maxRuns === 0 ? Number.POSITIVE_INFINITY : spec.maxRuns - schedule.runs };
  for (const slot of slots) {
    if (counts.left <= 0) return { rows, next: undefined };
    const row = { slot, dueAt: dueAt(slot) };
    if (!toRun.has(slot)) rows.push({ ...row, status: "missed", reason: [...toRun].some((other) => other > slot) ? "superseded" : "not_running", waiting: false });
    else rows.push({ ...row, ...overlapping(counts, spec, late(slot)) });
  }
  const next = counts.left > 0 && following ? { slot: following, due: dueOf(id, following, spec) } : undefined;
  return { rows, next };
}

function slotsToRun(slots: readonly Date[], late: (slot: Date) => number, { policy, timing }: ScheduleSpec, following: Date | undefined): Date[] {
  const last = slots.at(-1);
  if (!last) return [];
  // Without a following slot there is no cadence to measure: the end of the schedule cuts nothing off.
  const cadenceMs = timing.type === "at" ? hourMs : timing.type === "every" ? timing.everyMs : following ? following.getTime() - last.getTime() : Number.POSITIVE_INFINITY;
  const windowMs = policy.catchUp === "none" ? 0 : (policy.catchUpWindowMs ?? cadenceMs);
  const inTime = slots.filter((slot) => late(slot) <= Math.max(onTimeMs, windowMs));
  return policy.catchUp === "all" ? inTime : inTime.slice(-1);
}

/** What the overlap policy makes of a slot that is to run; counts it. */
function overlapping(counts: { open: number; waiting: number; left: number }, { policy }: ScheduleSpec, lateMs: number): Pick<PlannedSlot, "status" | "reason" | "waiting"> {
  const free = policy.overlap === "allow" || counts.open === 0;
  // What is caught up is run one after the other: it was asked for, and nothing overlaps.
  const mayWait = (policy.overlap === "queue_one" && counts.waiting === 0) || (policy.catchUp === "all" && lateMs > onTimeMs);
  if (!free && !mayWait) return { status: "skipped", reason: "overlap", waiting: false };
  counts.open++;
  counts.left--;
  if (!free) counts.waiting++;
  return { status: "due", reason: "", waiting: !free };
}
