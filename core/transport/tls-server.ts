import { Server, ServerCredentials, type ChannelOptions, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Socket } from "node:net";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { DispatchError } from "../errors/dispatch-error.js";
import type { Clock } from "../clock.js";
import type { Log } from "../log.js";
import { shownIdentity } from "../pki/peer-identity.js";
import { firstMessage } from "./first-message.js";
import { formatHostPort, parseHostPort } from "./host-port.js";
import type { IdentityProvider } from "./identity-provider.js";
import { refusedHandshake } from "./refused-handshake.js";

/** Long enough for a coordinator of some thousands, which takes turns with them. */
const handshakeMs = 30_000;
const maxConnections = 10_000;

export interface TlsListening {
  /** `host:port`, with the port that was given where 0 was asked for. */
  readonly address: string;
  /** Ends the connections of certificates with these serial numbers. */
  drop(isGone: (serial: string) => boolean): void;
  close(): Promise<void>;
}

export interface TlsListenRequest {
  /** `host:port` */
  readonly listen: string;
  /** `remoteChannelOptions` where a caller who is gone must be known at once, else `patientChannelOptions`. */
  readonly channel: ChannelOptions;
  readonly provider: IdentityProvider;
  readonly service: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of connections and calls that end before anybody is asked whether they may. */
  readonly onRefused: (refusal: { peer: string; why: string; rpc?: string }) => void;
}

/**
 * Serves one service on TCP with mutual TLS 1.3: without a valid certificate of the fleet nobody gets as far as a call. The TLS server is
 * ours and hands its connections to gRPC, so that refused handshakes can be told apart and certificates renewed while connections stand.
 * Neither health nor reflection: strangers learn nothing, and who belongs here has the contract.
 */
export async function serveOnTls({ listen, channel, provider, service, implementation, clock, log, onRefused }: TlsListenRequest): Promise<TlsListening> {
  const server = new Server({ ...channel, interceptors: [firstMessage(clock, onRefused)] });
  server.addService(service, implementation);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const front = createServer({ ...contextOf(provider), requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3", ALPNProtocols: ["h2"], handshakeTimeout: handshakeMs });
  const connections = new Map<TLSSocket, string>();
  front.maxConnections = maxConnections;
  // Those in their handshake too: one that ends it while the server closes would keep it from ever having closed.
  const accepted = new Set<Socket>();
  front.on("connection", (socket: Socket) => {
    accepted.add(socket);
    socket.once("close", () => accepted.delete(socket));
  });
  const refused = (socket: TLSSocket, code: string, why: string): void => {
    const peer = socket.remoteAddress ?? "";
    log.warn({ peer, why, code }, "a connection was refused");
    onRefused({ peer, why });
  };
  front.on("secureConnection", (socket) => {
    socket.on("error", () => undefined);
    const shown = socket.getPeerCertificate();
    // Refused here and not by Node, which would not say why. Nothing was read from it yet, and nothing will be.
    // What is told of none at all is an object without anything in it.
    const isShown = "raw" in shown;
    if (!socket.authorized || !isShown) {
      const code = isShown ? String(socket.authorizationError) : "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE";
      refused(socket, code, refusedHandshake({ code, message: code }));
      return void socket.destroy();
    }
    connections.set(socket, shownIdentity(shown)?.serial ?? "");
    socket.once("close", () => connections.delete(socket));
    injector.injectConnection(socket);
  });
  front.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => refused(socket, error.code ?? "", refusedHandshake(error)));
  provider.onChange(() => front.setSecureContext(contextOf(provider)));
  const { host, port } = parseHostPort(listen);
  await new Promise<void>((resolve, reject) => {
    front.once("error", (error) => reject(new DispatchError("state_unwritable", `${listen} cannot be listened on: ${error.message}.`, { metadata: { field: "listen", value: listen }, cause: error })));
    front.listen({ host, port }, resolve);
  });
  const bound = front.address();
  return {
    address: formatHostPort(host, typeof bound === "object" && bound ? bound.port : port),
    drop(isGone) {
      for (const [socket, serial] of connections) if (isGone(serial)) socket.destroy();
    },
    close() {
      const closed = new Promise<void>((resolve) => void front.close(() => resolve()));
      server.forceShutdown();
      for (const socket of [...connections.keys(), ...accepted]) socket.destroy();
      return closed;
    },
  };
}

function contextOf(provider: IdentityProvider): Pick<TlsOptions, "key" | "cert" | "ca"> {
  const { key, certificate, authority } = provider.current;
  // The CA goes with it, so that whoever joins can hold it against its token.
  return { key, cert: `${certificate}\n${authority}`, ca: authority };
}
