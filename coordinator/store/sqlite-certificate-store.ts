import type Database from "better-sqlite3";
import type { Role } from "../../core/domain/principal.js";
import type { CertificateKind } from "../../core/pki/identity.js";
import { openDatabase } from "../../core/store/open-database.js";
import type { CertificateStore, IssuedCertificate, JoinToken } from "./certificate-store.js";
import { coordinatorMigrations } from "./migrations.js";

interface CertificateRow {
  serial: string;
  kind: CertificateKind;
  name: string;
  roles: string;
  issued_at: number;
  expires_at: number;
  revoked_at: number | null;
}

interface TokenRow {
  id: string;
  kind: "node" | "client";
  name: string;
  roles: string;
  expires_at: number;
}

/** Tokens and certificates on SQLite; what is given out is on disk before it is told. */
export class SqliteCertificateStore implements CertificateStore {
  readonly #database: Database.Database;

  constructor(path: string) {
    this.#database = openDatabase(path, coordinatorMigrations);
    this.#database.pragma("synchronous = FULL");
  }

  addToken({ id, kind, name, roles, expiresAt }: JoinToken): void {
    this.#database.prepare("INSERT INTO join_tokens (id, kind, name, roles, expires_at) VALUES (?, ?, ?, ?, ?)").run(id, kind, name, roles.join(","), expiresAt.getTime());
  }

  useToken(id: string, now: Date): JoinToken | undefined {
    const row = this.#database.prepare<[number, string, number], TokenRow>("UPDATE join_tokens SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ? RETURNING id, kind, name, roles, expires_at")
      .get(now.getTime(), id, now.getTime());
    return row && { id: row.id, kind: row.kind, name: row.name, roles: rolesOf(row.roles), expiresAt: new Date(row.expires_at) };
  }

  isTaken(kind: CertificateKind, name: string, now: Date): boolean {
    return this.#database.prepare("SELECT 1 FROM certificates WHERE kind = ? AND lower(name) = lower(?) AND revoked_at IS NULL AND expires_at > ?").get(kind, name, now.getTime()) !== undefined;
  }

  addCertificate({ serial, kind, name, roles, issuedAt, expiresAt }: IssuedCertificate): void {
    this.#database.prepare("INSERT INTO certificates (serial, kind, name, roles, issued_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)").run(serial, kind, name, roles.join(","), issuedAt.getTime(), expiresAt.getTime());
  }

  certificates(): IssuedCertificate[] {
    return this.#database.prepare<[], CertificateRow>("SELECT * FROM certificates ORDER BY issued_at DESC, serial").all().map(fromRow);
  }

  revoke(subject: string, now: Date): IssuedCertificate[] {
    const [kind = "", name = ""] = subject.includes(":") ? subject.split(":", 2) : [];
    const rows = this.#database.prepare<[number, number, string, string, string], CertificateRow>(
      "UPDATE certificates SET revoked_at = ? WHERE revoked_at IS NULL AND expires_at > ? AND (serial = upper(?) OR (kind = ? AND lower(name) = lower(?))) RETURNING *",
    ).all(now.getTime(), now.getTime(), subject, kind, name);
    return rows.map(fromRow);
  }

  revoked(now: Date): ReadonlySet<string> {
    return new Set(this.#database.prepare<[number], { serial: string }>("SELECT serial FROM certificates WHERE revoked_at IS NOT NULL AND expires_at > ?").all(now.getTime()).map(({ serial }) => serial));
  }

  close(): void {
    this.#database.close();
  }
}

function fromRow({ serial, kind, name, roles, issued_at, expires_at, revoked_at }: CertificateRow): IssuedCertificate {
  return { serial, kind, name, roles: rolesOf(roles), issuedAt: new Date(issued_at), expiresAt: new Date(expires_at), ...(revoked_at !== null && { revokedAt: new Date(revoked_at) }) };
}

function rolesOf(text: string): Role[] {
  return text === "" ? [] : (text.split(",") as Role[]);
}
