import type Database from "better-sqlite3";
import { afterTurn } from "../../core/clock.js";
import type { Delivery, DeliveryUpdate } from "../../core/domain/delivery.js";
import type { Principal } from "../../core/domain/principal.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { parse, stringify } from "../../core/store/json-codec.js";
import { DiskBarrier } from "../../core/store/disk-barrier.js";
import { LogEmptier } from "../../core/store/log-emptier.js";
import { openDatabase, storeError } from "../../core/store/open-database.js";
import { Statements } from "../../core/store/statements.js";
import type { DeliveryFilter, DeliveryStore, StoredDelivery } from "./delivery-store.js";
import { coordinatorMigrations } from "./migrations.js";

interface Row {
  id: string;
  fingerprint: string;
  address: string;
  prompt: string | null;
  principal: string | null;
  body: string;
}

interface Claim {
  readonly stored: StoredDelivery;
  readonly resolve: (holder: StoredDelivery | undefined) => void;
  readonly reject: (error: Error) => void;
}

const columns = "id, fingerprint, address, prompt, principal, body";

/** The store on SQLite. Dates and big integers in JSON columns are written by `json-codec`. */
export class SqliteDeliveryStore implements DeliveryStore {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #emptier: LogEmptier;
  readonly #statements: Statements;
  readonly #writeBoth: Database.Transaction<(update: DeliveryUpdate, delivery: Delivery) => void>;
  readonly #disk: DiskBarrier;
  /** Not in the database yet: those that came in one turn of the event loop after its first. */
  readonly #claims: Claim[] = [];
  #claimedInTurn = false;

  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path, coordinatorMigrations);
    this.#statements = new Statements(this.#database);
    this.#emptier = new LogEmptier(this.#database);
    this.#database.pragma("synchronous = NORMAL");
    this.#disk = new DiskBarrier(this.#database);
    this.#writeBoth = this.#database.transaction((update: DeliveryUpdate, delivery: Delivery) => {
      this.#writeStep(delivery.id, update);
      this.#writeBody(delivery);
    });
  }

  claim(stored: StoredDelivery): Promise<StoredDelivery | undefined> {
    this.#emptier.notNow();
    return new Promise((resolve, reject) => {
      this.#claims.push({ stored, resolve, reject });
      if (this.#claimedInTurn) return;
      this.#claimedInTurn = true;
      afterTurn(() => {
        this.#claimedInTurn = false;
        this.#commitClaims();
      });
      this.#commitClaims();
    });
  }

  onDisk(): Promise<void> {
    return this.#disk.passed();
  }

  record(update: DeliveryUpdate, delivery: Delivery): void {
    this.#writeBoth.immediate(update, delivery);
    // The first step of a node is where the prompt is dropped.
    if (update.sequence === 1) this.#emptier.soon();
  }

  replace(delivery: Delivery): void {
    this.#database.transaction(() => {
      this.#statements.sql("DELETE FROM steps WHERE delivery_id = ?").run(delivery.id);
      for (const step of delivery.steps) this.#writeStep(delivery.id, step);
      this.#writeBody(delivery);
    }).immediate();
  }

  find(idOrKey: string): StoredDelivery | undefined {
    const row = this.#statements.sql<[string, string], Row>(`SELECT ${columns} FROM deliveries WHERE key = ? OR id = ? LIMIT 1`).get(idOrKey, idOrKey);
    return row && this.#stored(row);
  }

  list({ status, kind, machine, limit }: DeliveryFilter): Delivery[] {
    const asked = [["status = ?", status], ["json_extract(body, '$.kind') = ?", kind], ["json_extract(body, '$.machine') = ? COLLATE NOCASE", machine || undefined]] as const;
    const given = asked.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
    const where = given.length === 0 ? "" : `WHERE ${given.map(({ condition }) => condition).join(" AND ")}`;
    const rows = this.#statements.sql<unknown[], Row>(`SELECT ${columns} FROM deliveries ${where} ORDER BY created_at DESC, rowid DESC LIMIT ?`)
      .all(...given.map(({ value }) => value), limit);
    return rows.map((row) => this.#stored(row).delivery);
  }

  unfinished(): StoredDelivery[] {
    return this.#statements.sql<[], Row>(`SELECT ${columns} FROM deliveries WHERE status IN ('pending', 'queued') ORDER BY created_at, rowid`)
      .all().map((row) => this.#stored(row));
  }

  counts(): Record<string, number> {
    const rows = this.#statements.sql<[], { status: string; count: number }>("SELECT status, count(*) AS count FROM deliveries GROUP BY status").all();
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  close(): void {
    this.#disk.close();
    this.#database.close();
  }

  /** One transaction for all that came together. */
  #commitClaims(): void {
    const claims = this.#claims.splice(0);
    if (claims.length === 0) return;
    try {
      this.#disk.assertSound();
      const holders = this.#database.transaction(() => claims.map(({ stored }) => this.#insert(stored))).immediate();
      for (const [index, { resolve }] of claims.entries()) resolve(holders[index]);
    } catch (error) {
      for (const { reject } of claims) reject(storeError(error, this.#path) as Error);
    }
  }

  /** Gives back who holds the key already. */
  #insert({ delivery, address, fingerprint, prompt, principal }: StoredDelivery): StoredDelivery | undefined {
    const holder = this.find(delivery.key);
    if (holder) return holder;
    this.#statements.sql("INSERT INTO deliveries (id, key, fingerprint, address, prompt, principal, status, created_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(delivery.id, delivery.key, fingerprint, stringify(address), prompt ?? null, principal ? stringify(principal) : null, delivery.status, delivery.createdAt.getTime(), bodyOf(delivery));
    return undefined;
  }

  #writeStep(id: string, update: DeliveryUpdate): void {
    this.#statements.sql("INSERT OR REPLACE INTO steps (delivery_id, sequence, body) VALUES (?, ?, ?)")
      .run(id, update.sequence, stringify({ ...update, delivery: undefined }));
  }

  #writeBody(delivery: Delivery): void {
    this.#statements.sql("UPDATE deliveries SET status = ?, body = ?, prompt = NULL WHERE id = ?").run(delivery.status, bodyOf(delivery), delivery.id);
  }

  #stored(row: Row): StoredDelivery {
    const steps = this.#statements.sql<[string], { body: string }>("SELECT body FROM steps WHERE delivery_id = ? ORDER BY sequence").all(row.id);
    return {
      delivery: { ...parse<Omit<Delivery, "steps">>(row.body), steps: steps.map((step) => parse<DeliveryUpdate>(step.body)) },
      address: parse<TargetAddress>(row.address),
      fingerprint: row.fingerprint,
      prompt: row.prompt ?? undefined,
      ...(row.principal !== null && { principal: parse<Principal>(row.principal) }),
    };
  }
}

function bodyOf({ steps: _, ...delivery }: Delivery): string {
  return stringify(delivery);
}
