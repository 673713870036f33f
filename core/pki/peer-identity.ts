import { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import { parseIdentityUri, type Identity } from "./identity.js";

/** What a certificate says, whoever has checked its signature. */
export interface PeerIdentity extends Identity {
  /** Serial number, upper-case hexadecimal. */
  readonly serial: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** Reads a certificate (DER or PEM). Undefined where it does not name exactly one identity of ours. */
export function peerIdentity(certificate: Buffer | string): PeerIdentity | undefined {
  return identityIn(new X509Certificate(certificate));
}

/** The same of a certificate that TLS has read already: reading it again takes longer than all else that a call costs. */
export function shownIdentity({ subjectaltname, serialNumber, valid_from: validFrom, valid_to: validTo }: PeerCertificate): PeerIdentity | undefined {
  return identityIn({ subjectAltName: subjectaltname, serialNumber, validFrom, validTo });
}

function identityIn({ subjectAltName, serialNumber, validFrom, validTo }: Pick<X509Certificate, "subjectAltName" | "serialNumber" | "validFrom" | "validTo">): PeerIdentity | undefined {
  // Node quotes an entry that holds a comma or a quote: none of ours does, so one that is quoted is not ours.
  const uris = (subjectAltName ?? "").split(", ").filter((entry) => entry.startsWith("URI:"));
  const [uri, ...others] = uris;
  const identity = uri === undefined || others.length > 0 ? undefined : parseIdentityUri(uri.slice("URI:".length));
  return identity && { ...identity, serial: serialNumber, validFrom: new Date(validFrom), validTo: new Date(validTo) };
}

/** SHA-256 of the certificate's DER, 64 hex digits. */
export function certificateFingerprint(certificate: Buffer | string): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();
}
