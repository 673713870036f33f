import { connect } from "node:tls";
import { systemClock } from "../clock.js";
import { parseHostPort } from "./host-port.js";
import type { IdentityProvider } from "./identity-provider.js";
import { wrongPeer, type ExpectedPeer } from "./peer-check.js";
import { refusedHandshake } from "./refused-handshake.js";

const probeMs = 3_000;
/** After its own handshake a client of TLS 1.3 still has to hear whether its certificate is taken. */
const verdictMs = 300;

/** Why a peer cannot be talked to, as a connection made just to find out tells it; undefined where that one succeeds. gRPC itself tells only that there is none. */
export function explainTls(address: string, provider: IdentityProvider, expected: ExpectedPeer): Promise<string | undefined> {
  const { key, certificate, authority } = provider.current;
  const { host, port } = parseHostPort(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port, key, cert: certificate, ca: authority, ALPNProtocols: ["h2"], minVersion: "TLSv1.3", timeout: probeMs, checkServerIdentity: () => undefined });
    let cancel = (): void => undefined;
    const end = (why: string | undefined): void => {
      cancel();
      socket.destroy();
      resolve(why);
    };
    socket.once("secureConnect", () => {
      const wrong = wrongPeer(expected, socket.getPeerX509Certificate()?.raw ?? Buffer.alloc(0));
      if (wrong !== undefined) return end(`who answers at ${address} is another one: ${wrong}`);
      cancel = systemClock.after(verdictMs, () => end(undefined));
      socket.once("close", () => end("it ended the connection in the handshake: it does not take this machine's certificate (expired, of another fleet, or its CA was made anew); its log says why"));
      return undefined;
    });
    socket.once("timeout", () => end(`nothing answered at ${address} within ${probeMs / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) => end(whyNot(error, address)));
  });
}

function whyNot(error: NodeJS.ErrnoException, address: string): string {
  if (error.code === "ECONNREFUSED") return `nothing listens at ${address}`;
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return `the name in ${address} leads nowhere`;
  if (error.code === "EHOSTUNREACH" || error.code === "ENETUNREACH") return `there is no way to ${address}`;
  return `the handshake with ${address} failed: ${refusedHandshake(error)}`;
}
