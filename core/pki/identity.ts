import { roles, type PrincipalKind, type Role } from "../domain/principal.js";

/** Kinds of principal that a certificate of ours can name. */
export const certificateKinds = ["coordinator", "node", "client", "joiner"] as const satisfies readonly PrincipalKind[];
export type CertificateKind = (typeof certificateKinds)[number];

/** Who a certificate of a fleet stands for. */
export interface Identity {
  /** Id of the fleet, made with its CA: 16 hex digits. */
  readonly fleet: string;
  readonly kind: CertificateKind;
  readonly name: string;
  /** What a client was granted; empty for the others. */
  readonly roles: readonly Role[];
}

const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const uriPattern = /^dispatch:\/\/([0-9a-f]{16})\/([a-z]+)\/([A-Za-z0-9._-]{1,63})(?:\?roles=([a-z+]+))?$/;

/** Letters, digits, `.`, `_` and `-`, at most 63: what a certificate, a URI and a target can all hold. */
export function isIdentityName(name: string): boolean {
  return namePattern.test(name);
}

/** `dispatch://FLEET/KIND/NAME`, of a client with `?roles=observe+send`. */
export function identityUri({ fleet, kind, name, roles: granted }: Identity): string {
  return `dispatch://${fleet}/${kind}/${name}${granted.length > 0 ? `?roles=${granted.join("+")}` : ""}`;
}

/** Undefined where it is anything but a URI as `identityUri` writes it. */
export function parseIdentityUri(uri: string): Identity | undefined {
  const [, fleet = "", kind = "", name = "", list] = uriPattern.exec(uri) ?? [];
  const granted = list === undefined ? [] : list.split("+");
  const identity = { fleet, kind: kind as CertificateKind, name, roles: granted as Role[] };
  const isValid = (certificateKinds as readonly string[]).includes(kind) && isIdentityName(name)
    && granted.every((role) => (roles as readonly string[]).includes(role)) && (kind === "client" || list === undefined);
  return isValid && identityUri(identity) === uri ? identity : undefined;
}
