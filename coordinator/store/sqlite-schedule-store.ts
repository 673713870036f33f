import Database from "better-sqlite3";
import { passReasons, type Occurrence, type OccurrenceStatus, type OccurrenceTarget, type PassReason, type ScheduleKind, type ScheduleStatus } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { afterLateProof, afterRun, canRetry, givenBack, over } from "../../core/schedule/conclude-run.js";
import { nextSlot, pastSlots } from "../../core/schedule/next-slot.js";
import { dueOf, planSlots, type PlannedSlot } from "../../core/schedule/plan-slots.js";
import { logEmptier } from "../../core/store/empty-log.js";
import { openDatabase, storeError } from "../../core/store/open-database.js";
import { coordinatorMigrations } from "./migrations.js";
import { occurrenceBody, readListed, readOccurrence, readSchedule, scheduleColumns, scheduleValues, type OccurrenceRow, type ScheduleRow } from "./schedule-rows.js";
import type { Claimed, ClaimRequest, RunEnd, ScheduleChange, ScheduleStore, StoredSchedule } from "./schedule-store.js";

const occurrenceColumns = "schedule_id, slot, status, due_at, body";
const open = "status IN ('due', 'claimed', 'running', 'queued')";

/**
 * The store on SQLite, in the coordinator's database: a connection of its own, so that no transaction holds up another's. Indexes are named
 * where a wrong choice of SQLite's would read every schedule there is (`npm run bench:schedules`).
 */
export class SqliteScheduleStore implements ScheduleStore {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #emptyLog: () => void;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path, coordinatorMigrations);
    this.#emptyLog = logEmptier(this.#database);
    this.#database.pragma("synchronous = NORMAL");
  }

  create(schedule: StoredSchedule): StoredSchedule | undefined {
    return this.#durably(() => {
      const known = this.#sql<[string], ScheduleRow>("SELECT prompt, body FROM schedules WHERE id = ?").get(schedule.id);
      if (known) return readSchedule(known);
      this.#named(schedule, () => this.#sql(`INSERT INTO schedules (${scheduleColumns.join(", ")}) VALUES (${scheduleColumns.map(() => "?").join(", ")})`).run(...scheduleValues(schedule)));
      return undefined;
    });
  }

  find(idOrName: string): StoredSchedule | undefined {
    const row = this.#sql<[string], ScheduleRow>("SELECT prompt, body FROM schedules WHERE id = ?").get(idOrName)
      ?? (idOrName === "" ? undefined : this.#sql<[string], ScheduleRow>("SELECT prompt, body FROM schedules WHERE name <> '' AND name = ? ORDER BY status IN ('scheduled', 'paused') DESC, created_at DESC LIMIT 1").get(idOrName));
    return row && readSchedule(row);
  }

  list({ status, kind, limit }: { status?: ScheduleStatus | undefined; kind?: ScheduleKind | undefined; limit: number }): StoredSchedule[] {
    // An index for each: the number of schedules must not matter.
    const where = [...(kind === "loop" ? ["kind = 'loop'"] : kind ? ["kind = 'schedule'"] : []), ...(status ? ["status = ?"] : [])];
    return this.#sql<unknown[], ScheduleRow>(`SELECT body FROM schedules ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""} ORDER BY created_at DESC, rowid DESC LIMIT ?`)
      .all(...(status ? [status] : []), limit).map(readListed);
  }

  change(idOrName: string, edit: (schedule: StoredSchedule, openOnes: readonly Occurrence[]) => ScheduleChange): StoredSchedule {
    const changed = this.#durably(() => {
      const before = this.#known(idOrName);
      const { schedule, waiting } = edit(before, this.#open(before.id));
      const passed = waiting?.do === "pass" ? this.#pass(before.id, waiting.reason, schedule.updatedAt) : [];
      if (waiting?.do === "retarget") this.#retarget(before.id);
      if (waiting?.do === "hold") this.#sql(`UPDATE occurrences INDEXED BY occurrences_open SET waiting = 2 WHERE schedule_id = ? AND ${open} AND status = 'due'`).run(before.id);
      if (waiting?.do === "release") this.#sql(`UPDATE occurrences INDEXED BY occurrences_open SET waiting = 0, due_at = ? WHERE schedule_id = ? AND ${open} AND status = 'due' AND waiting = 2`).run(waiting.dueAt.getTime(), before.id);
      const settled = { ...givenBack(schedule, passed), retryAt: this.#retryAt(before.id) };
      this.#write(settled, before);
      return settled;
    });
    this.#emptyLog();
    return this.#known(changed.id);
  }

  remove(idOrName: string): void {
    this.#durably(() => this.#sql("DELETE FROM schedules WHERE id = ?").run(this.#known(idOrName).id));
    this.#emptyLog();
  }

  claimDue(request: ClaimRequest): Claimed[] {
    return this.#transaction(() => {
      const now = request.now.getTime();
      const advanced = new Map<string, StoredSchedule>();
      for (const row of this.#sql<[number, number], ScheduleRow>("SELECT prompt, body FROM schedules INDEXED BY schedules_due WHERE status = 'scheduled' AND next_due IS NOT NULL AND next_due <= ? ORDER BY next_due LIMIT ?").all(now, request.limit)) {
        const schedule = this.#advance(readSchedule(row), request.now);
        advanced.set(schedule.id, schedule);
      }
      const due = this.#sql<[number, number], OccurrenceRow>(`SELECT ${occurrenceColumns} FROM occurrences INDEXED BY occurrences_due WHERE status = 'due' AND waiting = 0 AND due_at <= ? ORDER BY due_at LIMIT ?`).all(now, request.limit);
      return due.map((row) => this.#claim({ ...readOccurrence(row), status: "claimed", claimedAt: request.now }, request, advanced.get(row.schedule_id)));
    });
  }

  takeOver(request: ClaimRequest, which: "all" | "expired"): Claimed[] {
    return this.#transaction(() => {
      const rows = this.#sql<[string, number, number], OccurrenceRow>(
        `SELECT ${occurrenceColumns} FROM occurrences INDEXED BY occurrences_leased WHERE lease_until IS NOT NULL AND (? = 'all' OR lease_until <= ?) ORDER BY lease_until LIMIT ?`,
      ).all(which, request.now.getTime(), request.limit);
      return rows.map((row) => this.#claim(readOccurrence(row), request));
    });
  }

  renew(owner: string, leaseUntil: Date): void {
    this.#sql("UPDATE occurrences INDEXED BY occurrences_leased SET lease_until = ? WHERE lease_until IS NOT NULL AND lease_owner = ?").run(leaseUntil.getTime(), owner);
  }

  addManual(idOrName: string, slot: Date, now: Date): Occurrence {
    return this.#durably(() => {
      const { id } = this.#known(idOrName);
      this.#insert(id, { slot, dueAt: now, status: "due", reason: "", waiting: false }, { manual: true, now });
      const written = this.occurrence(id, slot);
      if (!written) throw new DispatchError("internal", "A row that was just written is not there.");
      return written;
    });
  }

  start(occurrence: Occurrence, targets: readonly OccurrenceTarget[], now: Date): Occurrence | undefined {
    const started: Occurrence = { ...occurrence, status: "running", targets, startedAt: occurrence.startedAt ?? now, attempts: occurrence.attempts + 1 };
    return this.#update(started, "status = 'claimed'") ? started : undefined;
  }

  progress(occurrence: Occurrence): void {
    this.#update(occurrence, "status IN ('running', 'queued')");
  }

  finish(occurrence: Occurrence, end: RunEnd, now: Date): void {
    this.#transaction(() => {
      const current = this.occurrence(occurrence.scheduleId, occurrence.slot);
      if (!current || !["claimed", "running", "queued"].includes(current.status)) return;
      const { retryAt: asked, ...outcome } = end;
      const { status } = this.#known(current.scheduleId);
      const retryAt = status === "cancelled" ? undefined : asked;
      const next: Occurrence = retryAt ? { ...current, ...outcome, status: "due", dueAt: retryAt } : { ...current, ...outcome, endedAt: now };
      this.#update(next, open);
      this.#sql("UPDATE occurrences SET lease_owner = NULL, lease_until = NULL, waiting = ? WHERE schedule_id = ? AND slot = ?").run(status === "paused" ? 2 : 0, next.scheduleId, next.slot.getTime());
      this.#settle(next, end, now);
    });
  }

  correct(occurrence: Occurrence): void {
    this.#transaction(() => {
      if (!this.#update(occurrence, "status = 'unconfirmed'")) return;
      const schedule = this.#known(occurrence.scheduleId);
      this.#write(afterLateProof(schedule, occurrence), schedule);
    });
  }

  occurrence(scheduleId: string, slot: Date): Occurrence | undefined {
    const row = this.#sql<[string, number], OccurrenceRow>(`SELECT ${occurrenceColumns} FROM occurrences WHERE schedule_id = ? AND slot = ?`).get(scheduleId, slot.getTime());
    return row && readOccurrence(row);
  }

  occurrences(scheduleId: string, { status, limit }: { status?: OccurrenceStatus | undefined; limit: number }): Occurrence[] {
    return this.#sql<[string, string | null, string | null, number], OccurrenceRow>(
      `SELECT ${occurrenceColumns} FROM occurrences WHERE schedule_id = ? AND (? IS NULL OR status = ?) ORDER BY slot DESC LIMIT ?`,
    ).all(scheduleId, status ?? null, status ?? null, limit).map(readOccurrence);
  }

  regrid(now: Date): number {
    return this.#transaction(() => {
      this.#bringForward(now);
      const rows = this.#sql<[number], ScheduleRow>("SELECT prompt, body FROM schedules INDEXED BY schedules_ahead WHERE status = 'scheduled' AND reckoned_at IS NOT NULL AND reckoned_at > ?").all(now.getTime());
      const ahead = rows.map(readSchedule).filter(({ spec }) => !spec.start || spec.start <= now);
      for (const schedule of ahead) {
        const anchor = schedule.spec.timing.type === "every" ? now : schedule.anchor;
        this.#forgetMissed(schedule, now);
        const slot = nextSlot(schedule.spec, now, anchor);
        this.#write({ ...schedule, anchor, reckonedAt: now, nextSlot: slot, nextDue: slot && dueOf(schedule.id, slot, schedule.spec) }, schedule);
      }
      return ahead.length;
    });
  }

  nextDue(): Date | undefined {
    const { due } = this.#sql<[], { due: number | null }>(
      `SELECT min(due) AS due FROM (
         SELECT min(next_due) AS due FROM schedules INDEXED BY schedules_due WHERE status = 'scheduled' AND next_due IS NOT NULL
         UNION ALL SELECT min(due_at) FROM occurrences INDEXED BY occurrences_due WHERE status = 'due' AND waiting = 0)`,
    ).get() as { due: number | null };
    return due === null ? undefined : new Date(due);
  }

  next(): StoredSchedule | undefined {
    const row = this.#sql<[], ScheduleRow>(
      `SELECT body FROM schedules WHERE id = (SELECT id FROM (
         SELECT * FROM (SELECT id, next_due AS due FROM schedules INDEXED BY schedules_due WHERE status = 'scheduled' AND next_due IS NOT NULL ORDER BY next_due LIMIT 1)
         UNION ALL SELECT * FROM (SELECT schedule_id, due_at FROM occurrences INDEXED BY occurrences_due WHERE status = 'due' AND waiting = 0 ORDER BY due_at LIMIT 1))
       ORDER BY due LIMIT 1)`,
    ).get();
    return row && readListed(row);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#sql<[], { status: string; count: number }>("SELECT status, count(*) AS count FROM schedules GROUP BY status").all().map(({ status, count }) => [status, count]));
  }

  recentFailures(limit: number): StoredSchedule[] {
    return this.#sql<[number], ScheduleRow>("SELECT body FROM schedules INDEXED BY schedules_failed WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT ?").all(limit).map(readListed);
  }

  close(): void {
    this.#database.close();
  }

  /** Rows for all slots that are due, and the schedule at its next one. */
  #advance(schedule: StoredSchedule, now: Date): StoredSchedule {
    const { id, spec, anchor, runs } = schedule;
    const { waiting, all } = this.#sql<[string], { waiting: number | null; all: number }>(`SELECT count(*) AS "all", sum(status = 'due') AS waiting FROM occurrences INDEXED BY occurrences_open WHERE schedule_id = ? AND ${open}`).get(id) as { waiting: number | null; all: number };
    const { nextSlot: slot = now, nextDue: due = now } = schedule;
    const { rows, next } = planSlots({ id, spec, anchor, runs, nextSlot: slot, nextDue: due, open: all, waiting: waiting ?? 0 }, now);
    const written = rows.filter((row) => this.#insert(id, row, { manual: false, now }));
    const started = written.filter(({ status }) => status === "due").length;
    const reckonedAt = schedule.reckonedAt && (rows.at(-1)?.slot ?? slot);
    const further: StoredSchedule = { ...schedule, runs: runs + started, reckonedAt, nextSlot: next?.slot, nextDue: next?.due };
    const advanced = next || all + started > 0 ? further : { ...over(further, spec.timing.type !== "at"), detail: written.at(-1)?.status === "missed" ? passReasons.not_running : further.detail, updatedAt: now };
    this.#write(advanced, schedule);
    return advanced;
  }

  /** False where the slot has its row already: after the clock was set back. */
  #insert(id: string, { slot, until, dueAt, status, reason, waiting }: PlannedSlot, { manual, now }: { manual: boolean; now: Date }): boolean {
    const occurrence: Occurrence = {
      scheduleId: id, slot, until, dueAt, status, reason, detail: reason && passReasons[reason], attempts: 0, targets: [], manual, endedAt: status === "due" ? undefined : now,
    };
    return this.#sql("INSERT OR IGNORE INTO occurrences (schedule_id, slot, status, due_at, waiting, body) VALUES (?, ?, ?, ?, ?, ?)")
      .run(id, slot.getTime(), status, dueAt.getTime(), waiting ? 1 : 0, occurrenceBody(occurrence)).changes > 0;
  }

  #claim(occurrence: Occurrence, { owner, leaseUntil }: ClaimRequest, schedule = this.#known(occurrence.scheduleId)): Claimed {
    this.#sql("UPDATE occurrences SET status = ?, lease_owner = ?, lease_until = ?, body = ? WHERE schedule_id = ? AND slot = ?")
      .run(occurrence.status, owner, leaseUntil.getTime(), occurrenceBody(occurrence), occurrence.scheduleId, occurrence.slot.getTime());
    return { schedule, occurrence };
  }

  /** Counts an ended run, or one that is put off, in its schedule. */
  #settle(occurrence: Occurrence, end: RunEnd, now: Date): void {
    const id = occurrence.scheduleId;
    const ended = occurrence.status !== "due";
    if (ended) this.#sql(`UPDATE occurrences SET waiting = 0 WHERE schedule_id = ? AND slot = (SELECT min(slot) FROM occurrences INDEXED BY occurrences_open WHERE schedule_id = ? AND ${open} AND status = 'due' AND waiting = 1)`).run(id, id);
    const schedule = this.#known(id);
    const others = this.#open(id).length > 0;
    const deliveryId = end.targets.find((target) => target.deliveryId !== "")?.deliveryId ?? "";
    const counted = afterRun(schedule, end, { deliveryId, more: others || schedule.nextSlot !== undefined, manual: occurrence.manual, now });
    const passed = counted.status === "paused" && schedule.status === "scheduled" ? this.#pass(id, "paused", now) : [];
    this.#write({ ...givenBack(counted, passed), retryAt: this.#retryAt(id) }, schedule);
  }

  /** Leaves out what waits; gives back what was left out. */
  #pass(id: string, reason: PassReason, now: Date): Occurrence[] {
    const passed = this.#open(id).filter(({ status }) => status === "due" || status === "claimed");
    for (const occurrence of passed) {
      this.#update({ ...occurrence, status: "skipped", reason, detail: passReasons[reason], endedAt: now }, open);
      this.#sql("UPDATE occurrences SET lease_owner = NULL, lease_until = NULL WHERE schedule_id = ? AND slot = ?").run(id, occurrence.slot.getTime());
    }
    return passed;
  }

  #retarget(id: string): void {
    for (const occurrence of this.#open(id)) {
      if (occurrence.status === "due") this.#update({ ...occurrence, targets: occurrence.targets.filter((target) => !canRetry(target)) }, open);
    }
  }

  /** Of slots that are to come, after all: those that were not run have no row any more. */
  #forgetMissed({ id, spec, anchor }: StoredSchedule, now: Date): void {
    this.#sql("DELETE FROM occurrences WHERE schedule_id = ? AND slot > ? AND status IN ('missed', 'skipped')").run(id, now.getTime());
    const before = this.#sql<[string, number], OccurrenceRow>(`SELECT ${occurrenceColumns} FROM occurrences WHERE schedule_id = ? AND slot <= ? ORDER BY slot DESC LIMIT 1`).get(id, now.getTime());
    const last = before && readOccurrence(before);
    if (!last?.until || last.until <= now) return;
    const { slots } = pastSlots(spec, last.slot, now, anchor, 1);
    this.#update({ ...last, until: slots.at(-1) }, "status = 'missed'");
  }

  /** What waits for its next try has waited long enough when it has waited for the time between two. */
  #bringForward(now: Date): void {
    for (const row of this.#sql<[number], OccurrenceRow>(`SELECT ${occurrenceColumns} FROM occurrences INDEXED BY occurrences_due WHERE status = 'due' AND waiting = 0 AND due_at > ?`).all(now.getTime())) {
      const occurrence = readOccurrence(row);
      const schedule = this.#known(occurrence.scheduleId);
      const dueAt = new Date(now.getTime() + (occurrence.attempts > 0 ? schedule.spec.policy.retryEveryMs : 0));
      if (occurrence.dueAt <= dueAt) continue;
      this.#update({ ...occurrence, dueAt }, open);
      this.#write({ ...schedule, retryAt: this.#retryAt(schedule.id) }, schedule);
    }
  }

  #open(id: string): Occurrence[] {
    return this.#sql<[string], OccurrenceRow>(`SELECT ${occurrenceColumns} FROM occurrences INDEXED BY occurrences_open WHERE schedule_id = ? AND ${open} ORDER BY slot`).all(id).map(readOccurrence);
  }

  #retryAt(id: string): Date | undefined {
    return this.#open(id).filter(({ status, attempts }) => status === "due" && attempts > 0).map(({ dueAt }) => dueAt).sort((a, b) => a.getTime() - b.getTime())[0];
  }

  #update(occurrence: Occurrence, condition: string): boolean {
    return this.#sql(`UPDATE occurrences SET status = ?, due_at = ?, body = ? WHERE schedule_id = ? AND slot = ? AND ${condition}`)
      .run(occurrence.status, occurrence.dueAt.getTime(), occurrenceBody(occurrence), occurrence.scheduleId, occurrence.slot.getTime()).changes > 0;
  }

  /** Only columns that differ are written: each one named costs its indexes. */
  #write(schedule: StoredSchedule, before: StoredSchedule): void {
    const [values, old] = [scheduleValues(schedule), scheduleValues(before)];
    const changed = scheduleColumns.map((column, index) => ({ column, index })).filter(({ index }) => values[index] !== old[index]);
    if (changed.length === 0) return;
    this.#named(schedule, () => this.#sql(`UPDATE schedules SET ${changed.map(({ column }) => `${column} = ?`).join(", ")} WHERE id = ?`).run(...changed.map(({ index }) => values[index]), schedule.id));
  }

  #known(idOrName: string): StoredSchedule {
    const found = this.find(idOrName);
    if (!found) throw new DispatchError("schedule_not_found", undefined, { metadata: { field: "id", value: idOrName } });
    return found;
  }

  #named({ spec }: StoredSchedule, write: () => unknown): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || error.code !== "SQLITE_CONSTRAINT_UNIQUE") throw error;
      throw new DispatchError("schedule_name_taken", `Another schedule is named "${spec.name}".`, { metadata: { field: "--name", value: spec.name }, cause: error });
    }
  }

  #sql<Parameters extends unknown[] = unknown[], Row = unknown>(text: string): Database.Statement<Parameters, Row> {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, (statement = this.#database.prepare(text)));
    return statement as unknown as Database.Statement<Parameters, Row>;
  }

  #transaction<T>(action: () => T): T {
    try {
      return this.#database.transaction(action).immediate();
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  /** On disk before it returns. Claims need not be: a slot that is claimed again has the same key, which the node's journal knows. */
  #durably<T>(action: () => T): T {
    this.#database.pragma("synchronous = FULL");
    try {
      return this.#transaction(action);
    } finally {
      this.#database.pragma("synchronous = NORMAL");
    }
  }
}
