import type { Occurrence } from "../../core/domain/schedule.js";
import { kindOf } from "../../core/domain/schedule.js";
import { parse, stringify } from "../../core/store/json-codec.js";
import type { StoredSchedule } from "./schedule-store.js";

export interface ScheduleRow {
  readonly prompt: string;
  readonly body: string;
}

export interface OccurrenceRow {
  readonly schedule_id: string;
  readonly slot: number;
  readonly status: Occurrence["status"];
  readonly due_at: number;
  readonly body: string;
}

/** Values in the order of `scheduleFields`. */
export function scheduleValues({ id, spec, status, nextSlot, nextDue, reckonedAt, lastFailureAt, createdAt }: StoredSchedule): unknown[] {
  return [id, spec.name, kindOf(spec), status, nextSlot?.getTime() ?? null, nextDue?.getTime() ?? null, reckonedAt?.getTime() ?? null, lastFailureAt?.getTime() ?? null, createdAt.getTime(), spec.prompt];
}

/** The columns besides `body`. */
export const scheduleFields = ["id", "name", "kind", "status", "next_slot", "next_due", "reckoned_at", "failed_at", "created_at", "prompt"] as const;

export function scheduleBody(schedule: StoredSchedule): string {
  return stringify({ ...schedule, spec: { ...schedule.spec, prompt: "" } });
}

export function readSchedule({ prompt, body }: ScheduleRow): StoredSchedule {
  const schedule = parse<StoredSchedule>(body);
  return { ...schedule, nextRun: nextRunOf(schedule), spec: { ...schedule.spec, prompt } };
}

/** Without reading its prompt. */
export function readListed({ body }: Pick<ScheduleRow, "body">): StoredSchedule {
  const schedule = parse<StoredSchedule>(body);
  return { ...schedule, nextRun: nextRunOf(schedule) };
}

function nextRunOf({ status, retryAt, nextDue }: StoredSchedule): Date | undefined {
  if (status !== "scheduled") return undefined;
  return retryAt && (!nextDue || retryAt < nextDue) ? retryAt : nextDue;
}

type OccurrenceBody = Omit<Occurrence, "scheduleId" | "slot" | "status" | "dueAt">;

export function readOccurrence(row: OccurrenceRow): Occurrence {
  return { ...parse<OccurrenceBody>(row.body), scheduleId: row.schedule_id, slot: new Date(row.slot), status: row.status, dueAt: new Date(row.due_at) };
}

export function occurrenceBody({ scheduleId: _id, slot: _slot, status: _status, dueAt: _due, ...body }: Occurrence): string {
  return stringify(body);
}
