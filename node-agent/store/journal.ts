import type Database from "better-sqlite3";
import { defined } from "../../core/defined.js";
import type { Delivery, DeliveryUpdate } from "../../core/domain/delivery.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { stringify } from "../../core/store/json-codec.js";
import { DiskBarrier } from "../../core/store/disk-barrier.js";
import { durably } from "../../core/store/durably.js";
import { LogEmptier } from "../../core/store/log-emptier.js";
import { openDatabase, storeError } from "../../core/store/open-database.js";
import { Statements } from "../../core/store/statements.js";
import { changedEntry, dropsText, type EntryChange, type JournalEntry, type NewEntry } from "./journal-entry.js";
import { entryOf, type JournalRow } from "./journal-row.js";
import { journalMigrations } from "./migrations.js";

/** What was to be written is not, and the journal is as it was. */
export class JournalUnwritable extends DispatchError {}

/**
 * The node's durable list of deliveries and their steps (SQLite, WAL). What is written survives a crash at once, and a loss of power once
 * `onDisk` resolves. What cannot be written throws JournalUnwritable.
 */
export class Journal {
  readonly #database: Database.Database;
  readonly #statements: Statements;
  readonly #path: string;
  readonly #machine: string;
  readonly #disk: DiskBarrier;
  readonly #emptier: LogEmptier;
  /** Those that are under way, by id, as they are in the database: they are asked for at every step. */
  readonly #live = new Map<string, JournalEntry>();

  constructor(path: string, machine: string) {
    this.#database = openDatabase(path, journalMigrations);
    this.#statements = new Statements(this.#database);
    this.#emptier = new LogEmptier(this.#database);
    this.#database.pragma("synchronous = NORMAL");
    this.#disk = new DiskBarrier(this.#database);
    this.#path = path;
    this.#machine = machine;
  }

  /** Claims the key. Returns the entry that already holds it, or undefined where ours was written, with its steps. */
  claim(entry: NewEntry): JournalEntry | undefined {
    this.#disk.assertSound();
    this.#emptier.notNow();
    const d = entry.delivery;
    const holder = this.#write(() => {
      const existing = this.find(d.key);
      if (existing) return existing;
      this.#statements.sql(`INSERT INTO deliveries (id, key, body_sha256, address, requested_target, prompt, prompt_bytes, prompt_sha256,
        options, phase, status, detail, created_at, updated_at, deadline_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 'pending', ?, ?, ?, ?)`)
        .run(d.id, d.key, entry.bodySha256, stringify(entry.address), d.requestedTarget, entry.prompt, d.promptBytes, d.promptSha256,
          stringify(d.options), d.detail, d.createdAt.getTime(), d.createdAt.getTime(), entry.deadlineAt.getTime());
      for (const step of d.steps) this.#addStep(d.id, step);
      return undefined;
    }, false);
    if (!holder) this.#live.set(d.id, { ...entry, phase: "open", pasted: undefined, plan: undefined });
    return holder;
  }

  /** Writes a step and what changes with it in one transaction. `durable` waits for the disk. */
  record(id: string, update: DeliveryUpdate | undefined, change: EntryChange, at: Date, durable: boolean): void {
    const after = changedEntry(this.entry(id), update, change, at);
    this.#write(() => {
      if (update) this.#addStep(id, update);
      const columns = Object.entries(defined(change))
        .map(([name, value]) => [name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`), typeof value === "object" ? stringify(value) : value] as const);
      const sets = [...columns.map(([name]) => `${name} = ?`), "updated_at = ?"];
      if (dropsText(change)) sets.push("prompt = NULL", "pasted = NULL");
      this.#statements.sql(`UPDATE deliveries SET ${sets.join(", ")} WHERE id = ?`).run(...columns.map(([, value]) => value), at.getTime(), id);
    }, durable);
    if (after.phase === "ended") this.#live.delete(id);
    else this.#live.set(id, after);
    if (dropsText(change)) this.#emptier.soon();
  }

  /** Resolves when what was written until now is on disk; throws DispatchError state_unwritable. */
  onDisk(): Promise<void> {
    return this.#disk.passed();
  }

  /** One that must be there. */
  entry(id: string): JournalEntry {
    const entry = this.find(id);
    if (!entry) throw new Error(`delivery ${id} is not in the journal`);
    return entry;
  }

  /** By id or key. */
  find(idOrKey: string): JournalEntry | undefined {
    const live = this.#live.get(idOrKey);
    if (live) return live;
    const row = this.#statements.sql<[string, string], JournalRow>("SELECT * FROM deliveries WHERE key = ? OR id = ? LIMIT 1").get(idOrKey, idOrKey);
    return row && this.#read(row);
  }

  /** Newest first. */
  list(status: Delivery["status"] | undefined, limit: number): Delivery[] {
    const rows = status === undefined
      ? this.#statements.sql<[number], JournalRow>("SELECT * FROM deliveries ORDER BY created_at DESC, rowid DESC LIMIT ?").all(limit)
      : this.#statements.sql<[string, number], JournalRow>("SELECT * FROM deliveries WHERE status = ? ORDER BY created_at DESC, rowid DESC LIMIT ?").all(status, limit);
    return rows.map((row) => this.#read(row).delivery);
  }

  /** Deliveries without an end, oldest first. */
  unfinished(): JournalEntry[] {
    return this.#statements.sql<[], JournalRow>("SELECT * FROM deliveries WHERE phase <> 'ended' ORDER BY created_at, rowid").all().map((row) => this.#read(row));
  }

  /** A line of a record proves one delivery: is this one the proof of another? */
  provesAnother(id: string, locator: string): boolean {
    return this.#statements.sql("SELECT 1 FROM deliveries WHERE status = 'delivered' AND id <> ? AND json_extract(evidence, '$.locator') = ? LIMIT 1").get(id, locator) !== undefined;
  }

  /** How many other deliveries this entry of a record has proven, with this text. */
  proofsOfOthers(id: string, locator: string, recordedSha256: string): number {
    return this.#statements.sql<[string, string, string], { proofs: number }>(
      "SELECT count(*) AS proofs FROM deliveries WHERE status = 'delivered' AND id <> ? AND json_extract(evidence, '$.locator') = ? AND json_extract(evidence, '$.recordedSha256') = ?")
      .get(id, locator, recordedSha256)?.proofs ?? 0;
  }

  knownRecord(agentPid: number, agentStarted: bigint): string | undefined {
    return this.#statements.sql<[number, string], { record: string }>("SELECT record FROM known_records WHERE agent_pid = ? AND agent_started = ?")
      .get(agentPid, String(agentStarted))?.record;
  }

  /** Records of all agents but one. */
  otherRecords(agentPid: number, agentStarted: bigint): { agentPid: number; agentStarted: bigint; record: string }[] {
    return this.#statements.sql<[number, string], { agent_pid: number; agent_started: string; record: string }>(
      "SELECT * FROM known_records WHERE agent_pid <> ? OR agent_started <> ?").all(agentPid, String(agentStarted))
      .map((row) => ({ agentPid: row.agent_pid, agentStarted: BigInt(row.agent_started), record: row.record }));
  }

  /** An agent writes one record at a time, and a process that is gone writes none. */
  forgetRecord(agentPid: number, agentStarted: bigint): void {
    this.#statements.sql("DELETE FROM known_records WHERE agent_pid = ? AND agent_started = ?").run(agentPid, String(agentStarted));
  }

  rememberRecord(agentPid: number, agentStarted: bigint, record: string): void {
    this.#statements.sql("INSERT OR REPLACE INTO known_records (agent_pid, agent_started, record) VALUES (?, ?, ?)").run(agentPid, String(agentStarted), record);
  }

  close(): void {
    this.#disk.close();
    this.#database.close();
  }

  #addStep(id: string, update: DeliveryUpdate): void {
    this.#statements.sql("INSERT INTO steps (delivery_id, sequence, body) VALUES (?, ?, ?)").run(id, update.sequence, stringify(update));
  }

  #write<T>(action: () => T, durable: boolean): T {
    const write = (): T => this.#database.transaction(action).immediate();
    try {
      return durable ? durably(this.#database, write) : write();
    } catch (error) {
      const known = storeError(error, this.#path);
      throw known instanceof DispatchError && known.reason === "state_unwritable" ? new JournalUnwritable(known.reason, known.message, { metadata: known.metadata, cause: error }) : known;
    }
  }

  #read(row: JournalRow): JournalEntry {
    const steps = this.#statements.sql<[string], { body: string }>("SELECT body FROM steps WHERE delivery_id = ? ORDER BY sequence").all(row.id);
    return entryOf(row, steps.map(({ body }) => body), this.#machine);
  }
}
