import type { Role } from "../core/domain/principal.js";
import type { UnaryMethod } from "../core/transport/calls.js";
import type { CertificateKind } from "../core/pki/identity.js";
import { durationToWire } from "../core/wire/duration.js";
import { certificateKind } from "../core/wire/enrolment.js";
import type { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";
import type { FleetParts } from "./fleet-client.js";

interface Call {
  readonly signal?: AbortSignal | undefined;
}

export interface JoinTokenOptions {
  readonly kind: "node" | "client";
  /** The only name that it may take; absent lets the machine choose. */
  readonly name?: string | undefined;
  /** What a client may do. */
  readonly roles?: readonly Role[] | undefined;
  /** How long it is good for: 1 minute to 7 days; default 1 h. */
  readonly lifeMs?: number | undefined;
  /** `host:port` of the coordinator as the machine will reach it; default where it listens. */
  readonly address?: string | undefined;
}

export interface Certificate {
  readonly serial: string;
  readonly kind: CertificateKind;
  readonly name: string;
  readonly roles: readonly string[];
  readonly issuedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** Who belongs to the fleet: `DispatchClient.enrolment`. For admins. */
export class EnrolmentClient {
  readonly #client: CoordinatorClient;
  readonly #ask: <Request, Response>(method: UnaryMethod<Request, Response>, request: Request, options: Call) => Promise<Response>;

  constructor({ client, ask }: FleetParts) {
    this.#client = client;
    this.#ask = ask;
  }

  /** A token with which one machine can join, once. It is a secret. */
  async createToken({ kind, name = "", roles = [], lifeMs, address = "" }: JoinTokenOptions, call: Call = {}): Promise<{ token: string; expiresAt: Date | undefined }> {
    const request = { kind: certificateKind.toWire(kind), name, roles: [...roles], life: lifeMs === undefined ? undefined : durationToWire(lifeMs), address };
    return this.#ask(this.#client.createJoinToken.bind(this.#client), request, call);
  }

  /** `node:NAME`, `client:NAME` or a serial number. Returns how many good certificates it had. */
  async revoke(subject: string, call: Call = {}): Promise<number> {
    return (await this.#ask(this.#client.revokeCertificate.bind(this.#client), { subject }, call)).revoked;
  }

  /** Every certificate that was issued, latest first. */
  async certificates(call: Call = {}): Promise<Certificate[]> {
    const { certificates } = await this.#ask(this.#client.listCertificates.bind(this.#client), {}, call);
    return certificates.map(({ kind, ...rest }) => ({ ...rest, kind: certificateKind.fromWire(kind) }));
  }
}
