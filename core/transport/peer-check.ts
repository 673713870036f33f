import type { PeerCertificate } from "node:tls";
import type { CertificateKind } from "../pki/identity.js";
import { shownIdentity } from "../pki/peer-identity.js";

/** Whom we mean to talk to. */
export interface ExpectedPeer {
  readonly fleet: string;
  readonly kind: CertificateKind;
  /** Any name where it is not given. */
  readonly name?: string | undefined;
}

/** Undefined where the certificate stands for whom we mean; else why not. Its signature and time are checked by TLS. */
export function wrongPeer(expected: ExpectedPeer, certificate: PeerCertificate, isRevoked: (serial: string) => boolean = () => false): string | undefined {
  const peer = shownIdentity(certificate);
  if (!peer) return "its certificate names nobody of a fleet";
  if (peer.fleet !== expected.fleet) return `it belongs to another fleet, ${peer.fleet}`;
  if (peer.kind !== expected.kind) return `it is ${peer.kind}:${peer.name}, not a ${expected.kind}`;
  if (expected.name !== undefined && peer.name.toLowerCase() !== expected.name.toLowerCase()) return `it is ${peer.kind}:${peer.name}, not ${expected.name}`;
  return isRevoked(peer.serial) ? "its certificate was revoked" : undefined;
}
