import { createHash } from "node:crypto";
import { connect } from "node:tls";
import { systemClock } from "../../core/clock.js";
import type { Config } from "../../core/config/config.js";
import { ensurePrivateFolder } from "../../core/config/state-folder.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { isIdentityName, type CertificateKind } from "../../core/pki/identity.js";
import { saveIdentity } from "../../core/pki/identity-store.js";
import { parseJoinToken, type JoinTokenParts } from "../../core/pki/join-token.js";
import { callUnary } from "../../core/transport/calls.js";
import { remoteChannelOptions } from "../../core/transport/channel-options.js";
import { explainTls } from "../../core/transport/explain-tls.js";
import { parseHostPort } from "../../core/transport/host-port.js";
import { IdentityProvider } from "../../core/transport/identity-provider.js";
import { tlsCredentials } from "../../core/transport/tls-credentials.js";
import { waitForReady } from "../../core/transport/wait-for-ready.js";
import { certificateKind } from "../../core/wire/enrolment.js";
import { CoordinatorClient } from "../../proto/gen/dispatch/v1/coordinator.js";

const connectMs = 5_000;
const callMs = 15_000;

export interface Joined {
  readonly kind: CertificateKind;
  readonly name: string;
  readonly fleet: string;
  /** `host:port` of the coordinator. */
  readonly coordinator: string;
}

/**
 * Joins a fleet with a token: makes a key here, which never leaves, and has the fleet's CA sign it. Before anything is sent the
 * coordinator's CA is held against the fingerprint in the token. The name is that of the token where it has one, else the machine's own.
 * `listen` is where the node will take calls, and is kept with its identity.
 */
export async function joinFleet(config: Config, text: string, { name: asked, listen }: { name?: string | undefined; listen?: string | undefined }): Promise<Joined> {
  const token = parseJoinToken(text);
  const name = asked ?? (token.name || config.machine);
  if (token.name !== "" && token.name.toLowerCase() !== name.toLowerCase()) throw new DispatchError("token_invalid", `The token is for the name ${token.name}, not for ${name}. Nothing was sent; it can still be used.`);
  if (!isIdentityName(name)) throw new DispatchError("invalid_argument", `name: "${name}" cannot stand in a certificate; give one with --name: letters, digits, dots, underscores and hyphens, at most 63.`, { metadata: { field: "name", value: name } });
  ensurePrivateFolder(config.dataDir);
  const authority = await pinnedAuthority(token);
  const { createRequest } = await import("../../core/pki/certificate-authority.js");
  const { key, request } = await createRequest(name);
  const provider = new IdentityProvider({ key: token.key, certificate: token.certificate, authority });
  const expected = { fleet: token.fleet, kind: "coordinator" } as const;
  const client = new CoordinatorClient(token.coordinator, tlsCredentials(provider, expected), remoteChannelOptions);
  try {
    await waitForReady(client, inMs(connectMs), "coordinator_unreachable").catch(async () => {
      const told = await explainTls(token.coordinator, provider, expected);
      throw new DispatchError(told?.isRefusal ? "token_invalid" : "coordinator_unreachable", `The coordinator cannot be reached: ${told?.why ?? "it answers too slowly"}.`);
    });
    const enrolled = await callUnary(client.enrol.bind(client), { certificateRequest: request, name }, { deadline: inMs(callMs), unreachable: "coordinator_unreachable" });
    const kind = certificateKind.fromWire(enrolled.kind);
    saveIdentity(config.dataDir, kind, { key, certificate: enrolled.certificate, authority }, { coordinator: token.coordinator, ...(kind === "node" && listen !== undefined && { listen }) });
    return { kind, name: enrolled.name, fleet: token.fleet, coordinator: token.coordinator };
  } finally {
    client.close();
  }
}

/**
 * The CA's certificate (PEM) as the coordinator shows it, if it is the one that the token names. Nothing is sent on this connection; it shows
 * the token's certificate, which is no use without its key, so that the coordinator does not take it for a stranger's.
 */
function pinnedAuthority({ coordinator, authorityFingerprint, key, certificate }: JoinTokenParts): Promise<string> {
  const { host, port } = parseHostPort(coordinator);
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => reject(new DispatchError("coordinator_unreachable", `The coordinator at ${coordinator} cannot be reached: ${why}. Nothing was sent; the token can be used again.`));
    // Whom to believe is found out here: the connection is ended before anything is said on it.
    const socket = connect({ host, port, key, cert: certificate, rejectUnauthorized: false, ALPNProtocols: ["h2"], minVersion: "TLSv1.3", timeout: connectMs });
    socket.once("secureConnect", () => {
      const shown = socket.getPeerX509Certificate()?.issuerCertificate;
      socket.end();
      if (shown && createHash("sha256").update(shown.raw).digest("hex") === authorityFingerprint) return resolve(shown.toString());
      return reject(new DispatchError("token_invalid", `Who answers at ${coordinator} is not the coordinator that made the token: its CA is another one. Nothing was sent.`));
    });
    socket.once("timeout", () => {
      socket.destroy();
      refuse(`nothing answered within ${connectMs / 1000} s`);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => refuse(error.code === "ECONNREFUSED" ? "nothing listens there" : error.message));
  });
}

function inMs(delayMs: number): Date {
  return new Date(systemClock.now().getTime() + delayMs);
}
