import type { Principal } from "../../core/domain/principal.js";
import type { Occurrence, OccurrenceStatus, OccurrenceTarget, Schedule, ScheduleKind, ScheduleStatus } from "../../core/domain/schedule.js";

/** A schedule as the coordinator keeps it. */
export interface StoredSchedule extends Schedule {
  /** Who asked for it; absent where it was the coordinator's owner. */
  readonly principal?: Principal | undefined;
  /** Where the grid of an interval begins. */
  readonly anchor: Date;
  /** The next slot is the first one after this; absent for one-shots. */
  readonly reckonedAt?: Date | undefined;
  /** The next slot that has no row yet; undefined where none is left. */
  readonly nextSlot?: Date | undefined;
  /** When that one is to start. */
  readonly nextDue?: Date | undefined;
  /** When a slot that failed is tried again. */
  readonly retryAt?: Date | undefined;
}

/** An occurrence that was taken to be run, and its schedule as it was then. */
export interface Claimed {
  readonly schedule: StoredSchedule;
  readonly occurrence: Occurrence;
}

/** What ends a run, or puts it off. */
export interface RunEnd {
  readonly status: Extract<OccurrenceStatus, "delivered" | "failed" | "unconfirmed">;
  readonly reason: string;
  readonly detail: string;
  readonly targets: readonly OccurrenceTarget[];
  /** Tried again then: the occurrence is due once more. */
  readonly retryAt?: Date | undefined;
}

/** Who claims, until when, and how many at most. */
export interface ClaimRequest {
  readonly now: Date;
  readonly owner: string;
  readonly leaseUntil: Date;
  readonly limit: number;
}

/** Port: the durable truth of what is due, and of what became of it. Every method is one transaction. */
export interface ScheduleStore {
  /** Keeps it, on disk before it returns. Gives back the one that has this id already. `schedule_name_taken`. */
  create(schedule: StoredSchedule): StoredSchedule | undefined;
  /** By id or name; of a name that was used again, the open one, else the newest. */
  find(idOrName: string): StoredSchedule | undefined;
  /** Newest first, without prompts. */
  list(filter: { status?: ScheduleStatus | undefined; kind?: ScheduleKind | undefined; limit: number }): StoredSchedule[];
  /** Reads, changes and writes at once; `passed` is written to its waiting occurrences as their reason. `schedule_not_found`, `schedule_name_taken`. */
  change(idOrName: string, edit: (schedule: StoredSchedule, open: readonly Occurrence[]) => ScheduleChange): StoredSchedule;
  /** With its occurrences. `schedule_not_found`. */
  remove(idOrName: string): void;
  /** Writes a row for every slot that is due by now, and claims those to be run, in the order in which they are due. */
  claimDue(request: ClaimRequest): Claimed[];
  /** Claims what others claimed and did not end: all of it, or only what has no lease any more. */
  takeOver(request: ClaimRequest, which: "all" | "expired"): Claimed[];
  /** Prolongs all leases of an owner. */
  renew(owner: string, leaseUntil: Date): void;
  /** An occurrence beside the slots, due now; the row that is there already where the slot has one. */
  addManual(idOrName: string, slot: Date, now: Date): Occurrence;
  /** Before anything is sent: writes its targets. Undefined where it is not claimed any more. */
  start(occurrence: Occurrence, targets: readonly OccurrenceTarget[], now: Date): Occurrence | undefined;
  /** Under way still: its targets as they stand, `running` or `queued`. Nothing where it has ended. */
  progress(occurrence: Occurrence): void;
  /** Ends the run, counts it in its schedule, and lets the next waiting one go. */
  finish(occurrence: Occurrence, end: RunEnd, now: Date): void;
  /** Proof that came after the end: of the occurrence, and in what its schedule counts. */
  correct(occurrence: Occurrence): void;
  occurrence(scheduleId: string, slot: Date): Occurrence | undefined;
  /** Latest slot first. */
  occurrences(scheduleId: string, filter: { status?: OccurrenceStatus | undefined; limit: number }): Occurrence[];
  /**
   * Schedules that have had slots which have not come yet: the clock was set back. They go on with the first slot from now on that was not
   * run; a loop begins its grid anew. Tries that were put off are not put off further.
   */
  regrid(now: Date): number;
  /** When something is due next. */
  nextDue(): Date | undefined;
  /** The schedule that is due then, without its prompt. */
  next(): StoredSchedule | undefined;
  counts(): Record<string, number>;
  /** Schedules whose last run failed, latest first, without prompts. */
  recentFailures(limit: number): StoredSchedule[];
  close(): void;
}

/** What becomes of a schedule and of its occurrences that wait. */
export interface ScheduleChange {
  readonly schedule: StoredSchedule;
  /** `pass`: they are skipped for this reason. `hold`: until it is resumed. `release`: due now. `retarget`: they forget the targets that were to be tried again. */
  readonly waiting?: { readonly do: "pass"; readonly reason: "paused" | "cancelled" | "edited" } | { readonly do: "hold" | "retarget" } | { readonly do: "release"; readonly dueAt: Date } | undefined;
}
