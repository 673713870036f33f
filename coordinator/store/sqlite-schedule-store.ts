import Database from "better-sqlite3";
import { passReasons, type Occurrence, type OccurrenceStatus, type OccurrenceTarget, type ScheduleKind, type ScheduleStatus } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { afterLateProof, afterRun, givenBack, over } from "../../core/schedule/conclude-run.js";
import { nextSlot } from "../../core/schedule/next-slot.js";
import { dueOf, planSlots } from "../../core/schedule/plan-slots.js";
import { durably } from "../../core/store/durably.js";
import { LogEmptier } from "../../core/store/log-emptier.js";
import { openDatabase, storeError } from "../../core/store/open-database.js";
import { coordinatorMigrations } from "./migrations.js";
import { OccurrenceTable, stands } from "./occurrence-table.js";
import { readListed, readSchedule, scheduleBody, scheduleFields, scheduleValues, type ScheduleRow } from "./schedule-rows.js";
import type { Claimed, ClaimRequest, RunEnd, ScheduleChange, ScheduleStore, StoredSchedule } from "./schedule-store.js";
import { Statements } from "../../core/store/statements.js";

/**
 * The store on SQLite, in the coordinator's database: a connection of its own, so that no transaction holds up another's. Indexes are named
 * where a wrong choice of SQLite's would read every schedule there is (`npm run bench:schedules`).
 */
export class SqliteScheduleStore implements ScheduleStore {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #emptier: LogEmptier;
  readonly #statements: Statements;
  readonly #occurrences: OccurrenceTable;

  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path, coordinatorMigrations);
    this.#emptier = new LogEmptier(this.#database);
    this.#statements = new Statements(this.#database);
    this.#occurrences = new OccurrenceTable(this.#statements);
    this.#database.pragma("synchronous = NORMAL");
  }

  create(schedule: StoredSchedule): StoredSchedule | undefined {
    return this.#durably(() => {
      const known = this.#sql<[string], ScheduleRow>("SELECT prompt, body FROM schedules WHERE id = ?").get(schedule.id);
      if (known) return readSchedule(known);
      this.#named(schedule, () => this.#sql(`INSERT INTO schedules (${scheduleFields.join(", ")}, body) VALUES (${scheduleFields.map(() => "?, ").join("")}?)`).run(...scheduleValues(schedule), scheduleBody(schedule)));
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
      const { schedule, waiting } = edit(before, this.#occurrences.open(before.id));
      const passed = this.#occurrences.affect(before.id, waiting, schedule.updatedAt);
      const settled = { ...givenBack(schedule, passed), retryAt: this.#occurrences.retryAt(before.id) };
      this.#write(settled, before);
      return settled;
    });
    this.#emptier.soon();
    return this.#known(changed.id);
  }

  remove(idOrName: string): void {
    this.#durably(() => this.#sql("DELETE FROM schedules WHERE id = ?").run(this.#known(idOrName).id));
    this.#emptier.soon();
  }

  claimDue(request: ClaimRequest): Claimed[] {
    return this.#transaction(() => {
      const now = request.now.getTime();
      const advanced = new Map<string, StoredSchedule>();
      for (const row of this.#sql<[number, number], ScheduleRow>("SELECT prompt, body FROM schedules INDEXED BY schedules_due WHERE status = 'scheduled' AND next_due IS NOT NULL AND next_due <= ? ORDER BY next_due LIMIT ?").all(now, request.limit)) {
        const schedule = this.#advance(readSchedule(row), request.now);
        advanced.set(schedule.id, schedule);
      }
      return this.#occurrences.due(request.now, request.limit)
        .map((occurrence) => this.#claim({ ...occurrence, status: "claimed", claimedAt: request.now }, request, advanced.get(occurrence.scheduleId)));
    });
  }

  takeOver(request: ClaimRequest, which: "all" | "expired"): Claimed[] {
    return this.#transaction(() => this.#occurrences.leased(which, request.now, request.limit).map((occurrence) => this.#claim(occurrence, request)));
  }

  renew(owner: string, leaseUntil: Date): void {
    this.#occurrences.renew(owner, leaseUntil);
  }

  addManual(idOrName: string, slot: Date, now: Date): Occurrence {
    return this.#durably(() => {
      const { id } = this.#known(idOrName);
      this.#occurrences.insert(id, { slot, dueAt: now, status: "due", reason: "", waiting: false }, { manual: true, now });
      const written = this.occurrence(id, slot);
      if (!written) throw new DispatchError("internal", "A row that was just written is not there.");
      return written;
    });
  }

  start(occurrence: Occurrence, targets: readonly OccurrenceTarget[], now: Date): Occurrence | undefined {
    const started: Occurrence = { ...occurrence, status: "running", targets, startedAt: occurrence.startedAt ?? now, attempts: occurrence.attempts + 1 };
    return this.#occurrences.update(started, stands.claimed) ? started : undefined;
  }

  progress(occurrence: Occurrence): void {
    this.#occurrences.update(occurrence, stands.underWay);
  }

  finish(occurrence: Occurrence, end: RunEnd, now: Date): void {
    this.#transaction(() => {
      const current = this.occurrence(occurrence.scheduleId, occurrence.slot);
      if (!current || !["claimed", "running", "queued"].includes(current.status)) return;
      const { retryAt: asked, ...outcome } = end;
      const { status } = this.#known(current.scheduleId);
      const retryAt = status === "cancelled" ? undefined : asked;
      const next: Occurrence = retryAt ? { ...current, ...outcome, status: "due", dueAt: retryAt } : { ...current, ...outcome, endedAt: now };
      this.#occurrences.update(next, stands.open);
      this.#occurrences.letGo(next, { held: status === "paused" });
      this.#settle(next, end, now);
    });
  }

  correct(occurrence: Occurrence): void {
    this.#transaction(() => {
      if (!this.#occurrences.update(occurrence, stands.unconfirmed)) return;
      const schedule = this.#known(occurrence.scheduleId);
      this.#write(afterLateProof(schedule, occurrence), schedule);
    });
  }

  occurrence(scheduleId: string, slot: Date): Occurrence | undefined {
    return this.#occurrences.get(scheduleId, slot);
  }

  occurrences(scheduleId: string, filter: { status?: OccurrenceStatus | undefined; limit: number }): Occurrence[] {
    return this.#occurrences.list(scheduleId, filter);
  }

  regrid(now: Date): number {
    return this.#transaction(() => {
      this.#bringForward(now);
      const rows = this.#sql<[number], ScheduleRow>("SELECT prompt, body FROM schedules INDEXED BY schedules_ahead WHERE status = 'scheduled' AND reckoned_at IS NOT NULL AND reckoned_at > ?").all(now.getTime());
      const ahead = rows.map(readSchedule).filter(({ spec }) => !spec.start || spec.start <= now);
      for (const schedule of ahead) {
        const anchor = schedule.spec.timing.type === "every" ? now : schedule.anchor;
        this.#occurrences.forgetMissed(schedule, now);
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
    const counts = this.#occurrences.countOpen(id);
    const { nextSlot: slot = now, nextDue: due = now } = schedule;
    const { rows, next } = planSlots({ id, spec, anchor, runs, nextSlot: slot, nextDue: due, ...counts }, now);
    const written = rows.filter((row) => this.#occurrences.insert(id, row, { manual: false, now }));
    const started = written.filter(({ status }) => status === "due").length;
    const reckonedAt = schedule.reckonedAt && (rows.at(-1)?.slot ?? slot);
    const further: StoredSchedule = { ...schedule, runs: runs + started, reckonedAt, nextSlot: next?.slot, nextDue: next?.due };
    const advanced = next || counts.open + started > 0 ? further : { ...over(further, spec.timing.type !== "at"), detail: written.at(-1)?.status === "missed" ? passReasons.not_running : further.detail, updatedAt: now };
    this.#write(advanced, schedule);
    return advanced;
  }

  #claim(occurrence: Occurrence, request: ClaimRequest, schedule = this.#known(occurrence.scheduleId)): Claimed {
    this.#occurrences.claim(occurrence, request);
    return { schedule, occurrence };
  }

  /** Counts an ended run, or one that is put off, in its schedule. */
  #settle(occurrence: Occurrence, end: RunEnd, now: Date): void {
    const id = occurrence.scheduleId;
    const ended = occurrence.status !== "due";
    if (ended) this.#occurrences.freeNext(id);
    const schedule = this.#known(id);
    const others = this.#occurrences.open(id).length > 0;
    const deliveryId = end.targets.find((target) => target.deliveryId !== "")?.deliveryId ?? "";
    const counted = afterRun(schedule, end, { deliveryId, more: others || schedule.nextSlot !== undefined, manual: occurrence.manual, now });
    const passed = counted.status === "paused" && schedule.status === "scheduled" ? this.#occurrences.pass(id, "paused", now) : [];
    this.#write({ ...givenBack(counted, passed), retryAt: this.#occurrences.retryAt(id) }, schedule);
  }

  /** What waits for its next try has waited long enough when it has waited for the time between two. */
  #bringForward(now: Date): void {
    for (const occurrence of this.#occurrences.dueAfter(now)) {
      const schedule = this.#known(occurrence.scheduleId);
      const dueAt = new Date(now.getTime() + (occurrence.attempts > 0 ? schedule.spec.policy.retryEveryMs : 0));
      if (occurrence.dueAt <= dueAt) continue;
      this.#occurrences.update({ ...occurrence, dueAt }, stands.open);
      this.#write({ ...schedule, retryAt: this.#occurrences.retryAt(schedule.id) }, schedule);
    }
  }

  /** Besides the body only columns that differ are written: each one named costs its indexes. */
  #write(schedule: StoredSchedule, before: StoredSchedule): void {
    const [values, old] = [scheduleValues(schedule), scheduleValues(before)];
    const changed = values.flatMap((value, index) => (value === old[index] ? [] : [{ column: scheduleFields[index], value }]));
    this.#named(schedule, () => this.#sql(`UPDATE schedules SET ${changed.map(({ column }) => `${column} = ?, `).join("")}body = ? WHERE id = ?`)
      .run(...changed.map(({ value }) => value), scheduleBody(schedule), schedule.id));
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
    return this.#statements.sql(text);
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
    return durably(this.#database, () => this.#transaction(action));
  }
}
