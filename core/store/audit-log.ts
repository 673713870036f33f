import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import type { Clock } from "../clock.js";
import type { AuditEntry, AuditFilter, AuditVerdict, NewAuditEntry } from "../domain/audit.js";
import { openDatabase, storeError } from "./open-database.js";

const migrations = [
  `CREATE TABLE audit (
     sequence INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     -- everything but sequence, time and hash
     body TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
   CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;`,
];

const begin = "0".repeat(64);

interface Row {
  sequence: number;
  at: number;
  body: string;
  hash: string;
}

/** Append-only, each entry chained to the one before by its hash: what was changed or taken out is found. */
export class AuditLog {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #insert: Database.Statement;
  #last: { sequence: number; hash: string };

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#database = openDatabase(path, migrations);
    this.#database.pragma("synchronous = NORMAL");
    this.#insert = this.#database.prepare("INSERT INTO audit (sequence, at, body, hash) VALUES (?, ?, ?, ?)");
    this.#last = this.#database.prepare<[], { sequence: number; hash: string }>("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1").get() ?? { sequence: 0, hash: begin };
  }

  /** Throws where it cannot be written: a call that cannot be audited is not made. */
  append(entry: NewAuditEntry): void {
    const body = JSON.stringify(entry);
    const [sequence, at] = [this.#last.sequence + 1, this.#clock.now().getTime()];
    const hash = hashOf(this.#last.hash, sequence, at, body);
    try {
      this.#insert.run(sequence, at, body, hash);
    } catch (error) {
      throw storeError(error, this.#path);
    }
    this.#last = { sequence, hash };
  }

  /** Newest first. */
  list({ subject, deniedOnly, limit }: AuditFilter): AuditEntry[] {
    const rows = this.#database.prepare<[string, string, string, number, number], Row>(
      `SELECT * FROM audit WHERE (? = '' OR json_extract(body, '$.subject') = ? OR json_extract(body, '$.caller') = ?) AND (? = 0 OR json_extract(body, '$.outcome') = 'denied') ORDER BY sequence DESC LIMIT ?`,
    ).all(subject, subject, subject, deniedOnly ? 1 : 0, limit);
    return rows.map(({ sequence, at, body, hash }) => ({ ...(JSON.parse(body) as NewAuditEntry), sequence, at: new Date(at), hash }));
  }

  verify(): AuditVerdict {
    let [before, entries] = [begin, 0];
    for (const { sequence, at, body, hash } of this.#database.prepare<[], Row>("SELECT * FROM audit ORDER BY sequence").iterate()) {
      entries++;
      if (sequence !== entries || hash !== hashOf(before, sequence, at, body)) return { entries, brokenAt: sequence, lastHash: before };
      before = hash;
    }
    return { entries, brokenAt: 0, lastHash: before };
  }

  close(): void {
    this.#database.close();
  }
}

function hashOf(before: string, sequence: number, at: number, body: string): string {
  return createHash("sha256").update(JSON.stringify([before, sequence, at, body])).digest("hex");
}
