import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import type { Clock } from "../clock.js";
import type { AuditEntry, AuditFilter, AuditPosition, AuditVerdict, NewAuditEntry } from "../domain/audit.js";
import { AuditHead } from "./audit-head.js";
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

/**
 * Append-only, each entry chained to the one before by its hash: what was changed or taken out is found. A log that ends before the
 * position that was kept beside it goes on from there, so that what was cut off stays missing.
 */
export class AuditLog {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #insert: Database.Statement;
  readonly #head: AuditHead;
  #last: AuditPosition;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#database = openDatabase(path, migrations);
    this.#database.pragma("synchronous = NORMAL");
    this.#insert = this.#database.prepare("INSERT INTO audit (sequence, at, body, hash) VALUES (?, ?, ?, ?)");
    this.#head = new AuditHead(`${path}.head`);
    const stored = this.#database.prepare<[], AuditPosition>("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1").get() ?? { sequence: 0, hash: begin };
    const { found } = this.#head;
    // Whoever was killed between the two had written the entry, and not yet that it is the last.
    this.#last = found && found.sequence >= stored.sequence ? found : stored;
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
    this.#head.keep(this.#last);
  }

  /** Newest first. */
  list({ subject, deniedOnly, limit }: AuditFilter): AuditEntry[] {
    const rows = this.#database.prepare<[string, string, string, number, number], Row>(
      `SELECT * FROM audit WHERE (? = '' OR json_extract(body, '$.subject') = ? OR json_extract(body, '$.caller') = ?) AND (? = 0 OR json_extract(body, '$.outcome') = 'denied') ORDER BY sequence DESC LIMIT ?`,
    ).all(subject, subject, subject, deniedOnly ? 1 : 0, limit);
    return rows.map(({ sequence, at, body, hash }) => ({ ...(JSON.parse(body) as NewAuditEntry), sequence, at: new Date(at), hash }));
  }

  /** `noted`: a position that was noted earlier, elsewhere. */
  verify(noted?: AuditPosition): AuditVerdict {
    let [before, entries] = [begin, 0];
    for (const { sequence, at, body, hash } of this.#database.prepare<[], Row>("SELECT * FROM audit ORDER BY sequence").iterate()) {
      entries++;
      if (sequence !== entries || hash !== hashOf(before, sequence, at, body)) return { entries, brokenAt: sequence, lastHash: before };
      if (sequence === noted?.sequence && hash !== noted.hash) return { entries, brokenAt: sequence, lastHash: before };
      before = hash;
    }
    const isWhole = entries === this.#last.sequence && before === this.#last.hash && entries >= (noted?.sequence ?? 0);
    return { entries, brokenAt: isWhole ? 0 : Math.min(entries, this.#last.sequence) + 1, lastHash: before };
  }

  close(): void {
    this.#head.close();
    this.#database.close();
  }
}

function hashOf(before: string, sequence: number, at: number, body: string): string {
  return createHash("sha256").update(JSON.stringify([before, sequence, at, body])).digest("hex");
}
