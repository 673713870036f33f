import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Principal, Role } from "../../core/domain/principal.js";
import type { CertificateAuthority } from "../../core/pki/certificate-authority.js";
import { isIdentityName, type CertificateKind } from "../../core/pki/identity.js";
import { formatJoinToken } from "../../core/pki/join-token.js";
import { certificateFingerprint, peerIdentity } from "../../core/pki/peer-identity.js";
import type { CertificateStore, IssuedCertificate } from "../store/certificate-store.js";

const dayMs = 86_400_000;
/** A certificate renews itself at two thirds of it. */
export const certificateLifeMs = 30 * dayMs;
/** A token's certificate is looked at once more than its row: the row decides. */
const tokenGraceMs = 60_000;

export interface TokenRequest {
  readonly kind: "node" | "client";
  readonly name: string;
  readonly roles: readonly Role[];
  readonly lifeMs: number;
  /** `host:port` of this coordinator. */
  readonly address: string;
}

/** Gives out tokens and certificates, renews them and takes them back. */
export class Enrolment {
  readonly #store: CertificateStore;
  readonly #clock: Clock;
  readonly #loadAuthority: () => Promise<CertificateAuthority>;
  readonly #onRevoked: (revoked: readonly IssuedCertificate[]) => void;
  /** Names whose certificate is being made. */
  readonly #issuing = new Set<string>();
  #revoked: ReadonlySet<string>;

  /** `loadAuthority` rejects with `ca_missing` where there is none. */
  constructor(store: CertificateStore, clock: Clock, loadAuthority: () => Promise<CertificateAuthority>, onRevoked: (revoked: readonly IssuedCertificate[]) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#loadAuthority = loadAuthority;
    this.#onRevoked = onRevoked;
    this.#revoked = store.revoked(clock.now());
  }

  isRevoked(serial: string): boolean {
    return this.#revoked.has(serial);
  }

  get revoked(): ReadonlySet<string> {
    return this.#revoked;
  }

  async createToken({ kind, name, roles, lifeMs, address }: TokenRequest): Promise<{ token: string; expiresAt: Date }> {
    if (name !== "") requireName(name);
    const authority = await this.#loadAuthority();
    const { createRequest } = await import("../../core/pki/certificate-authority.js");
    const id = randomBytes(16).toString("hex");
    const { key, request } = await createRequest(id);
    const certificate = await authority.issue({ identity: { kind: "joiner", name: id, roles: [] }, request, lifeMs: lifeMs + tokenGraceMs });
    const expiresAt = new Date(this.#clock.now().getTime() + lifeMs);
    this.#store.addToken({ id, kind, name, roles, expiresAt });
    const token = formatJoinToken({ coordinator: address, fleet: authority.fleet, authorityFingerprint: certificateFingerprint(authority.certificate), key, certificate, name });
    return { token, expiresAt };
  }

  /** Turns the caller's token into a certificate. The token is used up by it, also where two come at once: one of them gets it. */
  async enrol(principal: Principal, request: string, wanted: string): Promise<{ certificate: string; kind: "node" | "client"; name: string }> {
    if (principal.kind !== "joiner") throw new DispatchError("policy_denied", "Only the holder of a join token can enrol.");
    requireName(wanted);
    const authority = await this.#loadAuthority();
    const { verifyRequest } = await import("../../core/pki/certificate-authority.js");
    // What can be told before the token is used up is told before.
    await verifyRequest(request);
    const now = this.#clock.now();
    const token = this.#store.useToken(principal.name, now);
    if (!token) throw new DispatchError("token_invalid");
    if (token.name !== "" && token.name.toLowerCase() !== wanted.toLowerCase()) {
      throw new DispatchError("token_invalid", `The token is for the name ${token.name}, not for ${wanted}; it is used up now.`);
    }
    const taking = `${token.kind}:${wanted.toLowerCase()}`;
    if (this.#issuing.has(taking) || this.#store.isTaken(token.kind, wanted, now)) {
      throw new DispatchError("token_invalid", `The fleet has a ${token.kind} named ${wanted} already; revoke its certificate first, or choose another name. The token is used up now.`);
    }
    this.#issuing.add(taking);
    try {
      const certificate = await this.#issue(authority, { kind: token.kind, name: wanted, roles: token.roles }, request);
      return { certificate, kind: token.kind, name: wanted };
    } finally {
      this.#issuing.delete(taking);
    }
  }

  /** The same identity again, for a new key. */
  async renew(principal: Principal, request: string): Promise<string> {
    const { kind, name, serial, grants } = principal;
    if ((kind !== "node" && kind !== "client" && kind !== "coordinator") || serial === undefined) throw new DispatchError("policy_denied", "Only the holder of a certificate can renew it.");
    return this.#issue(await this.#loadAuthority(), { kind, name, roles: grants.flatMap((grant) => grant.roles) }, request);
  }

  /** A certificate that nobody asked for over the network: the coordinator's own. */
  async issueOwn(name: string, request: string): Promise<string> {
    return this.#issue(await this.#loadAuthority(), { kind: "coordinator", name, roles: [] }, request);
  }

  /** Takes effect at once: in this process when it returns, at the nodes when they were told. */
  revoke(subject: string): IssuedCertificate[] {
    const now = this.#clock.now();
    const revoked = this.#store.revoke(subject, now);
    this.#revoked = this.#store.revoked(now);
    this.#onRevoked(revoked);
    return revoked;
  }

  list(): IssuedCertificate[] {
    return this.#store.certificates();
  }

  /** The last certificate of each name; those that were renewed since are left out. */
  latest(): IssuedCertificate[] {
    const bySubject = new Map<string, IssuedCertificate>();
    for (const one of this.list()) {
      const subject = `${one.kind}:${one.name.toLowerCase()}`;
      const known = bySubject.get(subject);
      if (!known || known.issuedAt < one.issuedAt) bySubject.set(subject, one);
    }
    return [...bySubject.values()];
  }

  async #issue(authority: CertificateAuthority, identity: { kind: CertificateKind; name: string; roles: readonly Role[] }, request: string): Promise<string> {
    const certificate = await authority.issue({ identity, request, lifeMs: certificateLifeMs });
    const issued = peerIdentity(certificate);
    if (!issued) throw new DispatchError("internal", "A certificate could not be read after it was made.");
    this.#store.addCertificate({ serial: issued.serial, ...identity, issuedAt: this.#clock.now(), expiresAt: issued.validTo });
    return certificate;
  }
}

function requireName(name: string): void {
  if (isIdentityName(name)) return;
  throw new DispatchError("invalid_argument", `name: "${name}" cannot stand in a certificate; use letters, digits, dots, underscores and hyphens, at most 63.`, { metadata: { field: "name", value: name } });
}
