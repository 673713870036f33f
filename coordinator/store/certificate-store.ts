import type { Role } from "../../core/domain/principal.js";
import type { CertificateKind } from "../../core/pki/identity.js";

export interface JoinToken {
  /** Name in the token's own certificate. */
  readonly id: string;
  readonly kind: "node" | "client";
  /** The only name that it may take; empty lets the machine choose. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly expiresAt: Date;
}

export interface IssuedCertificate {
  /** Upper-case hexadecimal. */
  readonly serial: string;
  readonly kind: CertificateKind;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt?: Date | undefined;
}

/** Port: which tokens and certificates were given out, and taken back. */
export interface CertificateStore {
  addToken(token: JoinToken): void;
  /** The token, marked as used in the same step; undefined where it is unknown, used or expired. */
  useToken(id: string, now: Date): JoinToken | undefined;
  /** Names that are not free: some good certificate holds them, whatever its case. */
  isTaken(kind: CertificateKind, name: string, now: Date): boolean;
  addCertificate(certificate: IssuedCertificate): void;
  /** Latest first. */
  certificates(): IssuedCertificate[];
  /** By serial number, or all of `kind:name`. Returns those that were good until now. */
  revoke(subject: string, now: Date): IssuedCertificate[];
  /** Serial numbers of those that were revoked and have not expired. */
  revoked(now: Date): ReadonlySet<string>;
  close(): void;
}
