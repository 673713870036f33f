import { passReasons, type Occurrence, type OccurrenceStatus, type PassReason } from "../../core/domain/schedule.js";
import { canRetry } from "../../core/schedule/conclude-run.js";
import { pastSlots } from "../../core/schedule/next-slot.js";
import type { PlannedSlot } from "../../core/schedule/plan-slots.js";
import { occurrenceBody, readOccurrence, type OccurrenceRow } from "./schedule-rows.js";
import type { ClaimRequest, ScheduleChange, StoredSchedule } from "./schedule-store.js";
import type { Statements } from "../../core/store/statements.js";

const columns = "schedule_id, slot, status, due_at, body";
const open = "status IN ('due', 'claimed', 'running', 'queued')";

/** What an update depends on: where the row stands by now. */
export const stands = { open, claimed: "status = 'claimed'", underWay: "status IN ('running', 'queued')", unconfirmed: "status = 'unconfirmed'", missed: "status = 'missed'" } as const;

/** The rows of slots. Nothing here is a transaction of its own. Indexes are named where a wrong choice of SQLite's would read every row there is. */
export class OccurrenceTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** False where the slot has its row already: after the clock was set back. */
  insert(id: string, { slot, until, dueAt, status, reason, waiting }: PlannedSlot, { manual, now }: { manual: boolean; now: Date }): boolean {
    const occurrence: Occurrence = {
      scheduleId: id, slot, until, dueAt, status, reason, detail: reason && passReasons[reason], attempts: 0, targets: [], manual, endedAt: status === "due" ? undefined : now,
    };
    return this.#statements.sql("INSERT OR IGNORE INTO occurrences (schedule_id, slot, status, due_at, waiting, body) VALUES (?, ?, ?, ?, ?, ?)")
      .run(id, slot.getTime(), status, dueAt.getTime(), waiting ? 1 : 0, occurrenceBody(occurrence)).changes > 0;
  }

  get(id: string, slot: Date): Occurrence | undefined {
    const row = this.#statements.sql<[string, number], OccurrenceRow>(`SELECT ${columns} FROM occurrences WHERE schedule_id = ? AND slot = ?`).get(id, slot.getTime());
    return row && readOccurrence(row);
  }

  /** Latest slot first. */
  list(id: string, { status, limit }: { status?: OccurrenceStatus | undefined; limit: number }): Occurrence[] {
    return this.#statements.sql<[string, string | null, string | null, number], OccurrenceRow>(
      `SELECT ${columns} FROM occurrences WHERE schedule_id = ? AND (? IS NULL OR status = ?) ORDER BY slot DESC LIMIT ?`,
    ).all(id, status ?? null, status ?? null, limit).map(readOccurrence);
  }

  open(id: string): Occurrence[] {
    return this.#statements.sql<[string], OccurrenceRow>(`SELECT ${columns} FROM occurrences INDEXED BY occurrences_open WHERE schedule_id = ? AND ${open} ORDER BY slot`).all(id).map(readOccurrence);
  }

  /** How many are open, and how many of those wait. */
  countOpen(id: string): { open: number; waiting: number } {
    const { all, waiting } = this.#statements.sql<[string], { waiting: number | null; all: number }>(
      `SELECT count(*) AS "all", sum(status = 'due') AS waiting FROM occurrences INDEXED BY occurrences_open WHERE schedule_id = ? AND ${open}`,
    ).get(id) as { waiting: number | null; all: number };
    return { open: all, waiting: waiting ?? 0 };
  }

  /** In the order in which they are due. */
  due(now: Date, limit: number): Occurrence[] {
    return this.#statements.sql<[number, number], OccurrenceRow>(`SELECT ${columns} FROM occurrences INDEXED BY occurrences_due WHERE status = 'due' AND waiting = 0 AND due_at <= ? ORDER BY due_at LIMIT ?`)
      .all(now.getTime(), limit).map(readOccurrence);
  }

  dueAfter(now: Date): Occurrence[] {
    return this.#statements.sql<[number], OccurrenceRow>(`SELECT ${columns} FROM occurrences INDEXED BY occurrences_due WHERE status = 'due' AND waiting = 0 AND due_at > ?`).all(now.getTime()).map(readOccurrence);
  }

  leased(which: "all" | "expired", now: Date, limit: number): Occurrence[] {
    return this.#statements.sql<[string, number, number], OccurrenceRow>(
      `SELECT ${columns} FROM occurrences INDEXED BY occurrences_leased WHERE lease_until IS NOT NULL AND (? = 'all' OR lease_until <= ?) ORDER BY lease_until LIMIT ?`,
    ).all(which, now.getTime(), limit).map(readOccurrence);
  }

  claim(occurrence: Occurrence, { owner, leaseUntil }: ClaimRequest): void {
    this.#statements.sql("UPDATE occurrences SET status = ?, lease_owner = ?, lease_until = ?, body = ? WHERE schedule_id = ? AND slot = ?")
      .run(occurrence.status, owner, leaseUntil.getTime(), occurrenceBody(occurrence), occurrence.scheduleId, occurrence.slot.getTime());
  }

  renew(owner: string, leaseUntil: Date): void {
    this.#statements.sql("UPDATE occurrences INDEXED BY occurrences_leased SET lease_until = ? WHERE lease_until IS NOT NULL AND lease_owner = ?").run(leaseUntil.getTime(), owner);
  }

  /** False where it does not stand there any more. */
  update(occurrence: Occurrence, where: (typeof stands)[keyof typeof stands]): boolean {
    return this.#statements.sql(`UPDATE occurrences SET status = ?, due_at = ?, body = ? WHERE schedule_id = ? AND slot = ? AND ${where}`)
      .run(occurrence.status, occurrence.dueAt.getTime(), occurrenceBody(occurrence), occurrence.scheduleId, occurrence.slot.getTime()).changes > 0;
  }

  /** Its run is over, or put off: nobody has it. `held` until its schedule is resumed. */
  letGo({ scheduleId, slot }: Occurrence, { held }: { held: boolean }): void {
    this.#statements.sql("UPDATE occurrences SET lease_owner = NULL, lease_until = NULL, waiting = ? WHERE schedule_id = ? AND slot = ?").run(held ? 2 : 0, scheduleId, slot.getTime());
  }

  /** The first that waits for others to end waits no more. */
  freeNext(id: string): void {
    this.#statements.sql(`UPDATE occurrences SET waiting = 0 WHERE schedule_id = ? AND slot = (SELECT min(slot) FROM occurrences INDEXED BY occurrences_open WHERE schedule_id = ? AND ${open} AND status = 'due' AND waiting = 1)`).run(id, id);
  }

  /** Does to those that wait what a change of their schedule means for them; gives back what was left out. */
  affect(id: string, waiting: ScheduleChange["waiting"], now: Date): Occurrence[] {
    if (!waiting) return [];
    switch (waiting.do) {
      case "pass": return this.pass(id, waiting.reason, now);
      case "retarget":
        for (const one of this.open(id)) if (one.status === "due") this.update({ ...one, targets: one.targets.filter((target) => !canRetry(target)) }, stands.open);
        break;
      case "hold":
        this.#statements.sql(`UPDATE occurrences INDEXED BY occurrences_open SET waiting = 2 WHERE schedule_id = ? AND ${open} AND status = 'due'`).run(id);
        break;
      case "release":
        this.#statements.sql(`UPDATE occurrences INDEXED BY occurrences_open SET waiting = 0, due_at = ? WHERE schedule_id = ? AND ${open} AND status = 'due' AND waiting = 2`).run(waiting.dueAt.getTime(), id);
        break;
    }
    return [];
  }

  /** Leaves out what waits; gives back what was left out. */
  pass(id: string, reason: PassReason, now: Date): Occurrence[] {
    const passed = this.open(id).filter(({ status }) => status === "due" || status === "claimed");
    for (const occurrence of passed) {
      this.update({ ...occurrence, status: "skipped", reason, detail: passReasons[reason], endedAt: now }, stands.open);
      this.#statements.sql("UPDATE occurrences SET lease_owner = NULL, lease_until = NULL WHERE schedule_id = ? AND slot = ?").run(id, occurrence.slot.getTime());
    }
    return passed;
  }

  /** When the first of those that were tried already is tried again. */
  retryAt(id: string): Date | undefined {
    return this.open(id).filter(({ status, attempts }) => status === "due" && attempts > 0).map(({ dueAt }) => dueAt).sort((a, b) => a.getTime() - b.getTime())[0];
  }

  /** Of slots that are to come, after all: those that were not run have no row any more. */
  forgetMissed({ id, spec, anchor }: StoredSchedule, now: Date): void {
    this.#statements.sql("DELETE FROM occurrences WHERE schedule_id = ? AND slot > ? AND status IN ('missed', 'skipped')").run(id, now.getTime());
    const before = this.#statements.sql<[string, number], OccurrenceRow>(`SELECT ${columns} FROM occurrences WHERE schedule_id = ? AND slot <= ? ORDER BY slot DESC LIMIT 1`).get(id, now.getTime());
    const last = before && readOccurrence(before);
    if (!last?.until || last.until <= now) return;
    const { slots } = pastSlots(spec, last.slot, now, anchor, 1);
    this.update({ ...last, until: slots.at(-1) }, stands.missed);
  }
}
