import { DispatchError } from "../errors/dispatch-error.js";
import { isHostPort } from "../transport/host-port.js";

/** What a machine needs to join: where, whom to believe, and a key and certificate that are good for one call. */
export interface JoinTokenParts {
  /** `host:port` of the coordinator. */
  readonly coordinator: string;
  readonly fleet: string;
  /** SHA-256 of the CA's certificate, 64 hex digits. */
  readonly authorityFingerprint: string;
  /** PKCS #8 and X.509, PEM. */
  readonly key: string;
  readonly certificate: string;
  /** The only name that it is good for; empty for any. */
  readonly name: string;
}

const prefix = "dispatch-join-1.";
const maxLength = 8_192;

export function formatJoinToken({ coordinator, fleet, authorityFingerprint, key, certificate, name }: JoinTokenParts): string {
  return prefix + Buffer.from(JSON.stringify([coordinator, fleet, authorityFingerprint, bodyOf(key), bodyOf(certificate), name])).toString("base64url");
}

/** `token_invalid` where it is not one; whether it is still good the coordinator says. */
export function parseJoinToken(text: string): JoinTokenParts {
  const body = text.trim();
  if (body.startsWith(prefix) && body.length <= maxLength) {
    try {
      const parts = JSON.parse(Buffer.from(body.slice(prefix.length), "base64url").toString()) as unknown;
      if (Array.isArray(parts) && parts.length === 6 && parts.every((part) => typeof part === "string")) {
        const [coordinator, fleet, authorityFingerprint, key, certificate, name] = parts as [string, string, string, string, string, string];
        if (/^[0-9a-f]{64}$/.test(authorityFingerprint) && isHostPort(coordinator)) {
          return { coordinator, fleet, authorityFingerprint, key: pemOf("PRIVATE KEY", key), certificate: pemOf("CERTIFICATE", certificate), name };
        }
      }
    } catch {
      // Said below.
    }
  }
  throw new DispatchError("token_invalid", "This is not a whole join token: it begins with dispatch-join-1. and has no spaces or line ends in it.");
}

function bodyOf(pem: string): string {
  return pem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
}

function pemOf(label: string, base64: string): string {
  return `-----BEGIN ${label}-----\n${(base64.match(/.{1,64}/g) ?? []).join("\n")}\n-----END ${label}-----\n`;
}
