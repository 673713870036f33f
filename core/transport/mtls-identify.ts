import { DispatchError } from "../errors/dispatch-error.js";
import type { Principal } from "../domain/principal.js";
import { shownIdentity } from "../pki/peer-identity.js";
import type { IncomingCall } from "./call-gate.js";

/** Who calls, by the certificate of the connection; TLS has checked its signature and time when it was made. */
export function mtlsIdentify(fleet: string, isRevoked: (serial: string) => boolean, now: () => Date): (call: IncomingCall) => Principal {
  return (call) => {
    const shown = call.getAuthContext().sslPeerCertificate;
    const peer = shown && shownIdentity(shown);
    if (!peer) throw new DispatchError("unauthenticated");
    if (peer.fleet !== fleet) throw new DispatchError("unauthenticated", `The caller's certificate is of another fleet, ${peer.fleet}.`);
    if (isRevoked(peer.serial)) throw new DispatchError("certificate_revoked", `The certificate of ${peer.kind}:${peer.name} was revoked.`);
    // A connection may outlive the certificate that it was made with.
    if (peer.validTo <= now()) throw new DispatchError("unauthenticated", `The certificate of ${peer.kind}:${peer.name} has expired.`);
    return { kind: peer.kind, name: peer.name, serial: peer.serial, grants: peer.roles.length > 0 ? [{ roles: peer.roles }] : [] };
  };
}
