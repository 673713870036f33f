import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { systemClock } from "../clock.js";
import { parseHostPort } from "./host-port.js";
import type { IdentityProvider } from "./identity-provider.js";
import { wrongPeer, type ExpectedPeer } from "./peer-check.js";
import { refusedHandshake } from "./refused-handshake.js";

const probeMs = 3_000;
/** After its own handshake a client of TLS 1.3 still has to hear whether its certificate is taken. */
const verdictMs = 300;

/** Why a peer cannot be talked to. */
export interface Unreachable {
  /** Without a full stop. */
  readonly why: string;
  /** One of the two does not believe the other; else there is no way, or nobody there. */
  readonly isRefusal: boolean;
}

/** As a connection tells that is made just to find out; undefined where that one succeeds. gRPC itself tells only that there is none. */
export function explainTls(address: string, provider: IdentityProvider, expected: ExpectedPeer): Promise<Unreachable | undefined> {
  const { certificate, authority } = provider.current;
  const { host, port } = parseHostPort(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port, secureContext: provider.secureContext, ALPNProtocols: ["h2"], timeout: probeMs, rejectUnauthorized: true, checkServerIdentity: () => undefined });
    let cancel = (): void => undefined;
    const end = (told: Unreachable | undefined): void => {
      cancel();
      socket.destroy();
      resolve(told);
    };
    socket.once("secureConnect", () => {
      const wrong = wrongPeer(expected, socket.getPeerCertificate());
      if (wrong !== undefined) return end({ why: `who answers at ${address} is another one: ${wrong}`, isRefusal: true });
      cancel = systemClock.after(verdictMs, () => end(undefined));
      socket.once("close", () => end({ why: `${address} does not take this machine's certificate${wrongWithOwn(certificate, authority)}`, isRefusal: true }));
      return undefined;
    });
    socket.once("timeout", () => end({ why: `nothing answered at ${address} within ${probeMs / 1000} s`, isRefusal: false }));
    socket.once("error", (error: NodeJS.ErrnoException) => end(whyNot(error, address)));
  });
}

/** What can be told of the own certificate without the other side. */
function wrongWithOwn(certificate: string, authority: string): string {
  const own = new X509Certificate(certificate);
  const now = systemClock.now();
  if (new Date(own.validTo) <= now) return `, which expired on ${new Date(own.validTo).toISOString()}`;
  if (new Date(own.validFrom) > now) return `, which is not valid before ${new Date(own.validFrom).toISOString()} (one of the clocks may be wrong)`;
  if (!own.verify(new X509Certificate(authority).publicKey)) return ", which is of another CA";
  return "; its log says why";
}

function whyNot(error: NodeJS.ErrnoException, address: string): Unreachable {
  const none = (why: string): Unreachable => ({ why, isRefusal: false });
  if (error.code === "ECONNREFUSED") return none(`nothing listens at ${address}`);
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return none(`the name in ${address} leads nowhere`);
  if (error.code === "EHOSTUNREACH" || error.code === "ENETUNREACH") return none(`there is no way to ${address}`);
  return { why: `the handshake with ${address} failed: ${refusedHandshake(error)}`, isRefusal: true };
}
