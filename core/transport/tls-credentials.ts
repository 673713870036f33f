import { CallCredentials, ChannelCredentials } from "@grpc/grpc-js";
import type { SecureConnector } from "@grpc/grpc-js/build/src/channel-credentials.js";
import type { Socket } from "node:net";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { Turns } from "../async/turns.js";
import { systemClock } from "../clock.js";
import type { IdentityProvider } from "./identity-provider.js";
import { wrongPeer, type ExpectedPeer } from "./peer-check.js";

/** A thousand at once would keep the event loop from all else for seconds: connections that stand would be taken for dead, and made anew. */
const handshakes = new Turns(8);
/** A peer that takes longer keeps nobody else waiting. */
const turnMs = 1_000;
/** Who takes longer may have lost what was sent: gRPC itself would wait for ever. */
const handshakeMs = 15_000;

/** Mutual TLS for a channel: only the peer that is meant is talked to, whatever address it was reached at. */
export function tlsCredentials(provider: IdentityProvider, expected: ExpectedPeer, isRevoked?: (serial: string) => boolean): ChannelCredentials {
  return new PeerCredentials(provider, (certificate) => wrongPeer(expected, certificate, isRevoked));
}

/** gRPC's own hold one certificate for good, or make what TLS needs of it anew for every connection, twice. */
class PeerCredentials extends ChannelCredentials {
  readonly #provider: IdentityProvider;
  readonly #wrong: (certificate: PeerCertificate) => string | undefined;

  constructor(provider: IdentityProvider, wrong: (certificate: PeerCertificate) => string | undefined) {
    super();
    this.#provider = provider;
    this.#wrong = wrong;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(_target: unknown, _options: unknown, callCredentials = CallCredentials.createEmpty()): SecureConnector {
    return {
      waitForReady: () => Promise.resolve(),
      connect: async (socket) => {
        // Told below, where it breaks while it waits.
        socket.on("error", () => undefined);
        const endTurn = await handshakes.take();
        const cancel = systemClock.after(turnMs, endTurn);
        try {
          if (socket.destroyed) throw new Error("The connection was closed before its handshake.");
          return { socket: await this.#secured(socket), secure: true };
        } finally {
          cancel();
          endTurn();
        }
      },
      getCallCredentials: () => callCredentials,
      destroy: () => undefined,
    };
  }

  #secured(socket: Socket): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const secured = connect({
        socket, secureContext: this.#provider.secureContext, ALPNProtocols: ["h2"],
        // TLS does not take an address as a server's name: who is there stands in the certificate, whatever it was dialled by.
        servername: "dispatch",
        // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
        rejectUnauthorized: true,
        checkServerIdentity: (_host, certificate) => {
          const wrong = this.#wrong(certificate);
          return wrong === undefined ? undefined : new Error(wrong);
        },
      }, () => resolve(secured));
      const cancel = systemClock.after(handshakeMs, () => secured.destroy(new Error("The handshake took too long.")));
      secured.once("secureConnect", cancel).once("close", cancel);
      secured.once("error", reject).once("close", () => reject(new Error("The connection was closed in the handshake.")));
    });
  }
}
