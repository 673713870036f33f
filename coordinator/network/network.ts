import type { ChannelCredentials } from "@grpc/grpc-js";
import { networkGate } from "../../core/access/network-gate.js";
import type { Clock } from "../../core/clock.js";
import type { Config } from "../../core/config/config.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Log } from "../../core/log.js";
import { hasAuthority } from "../../core/pki/authority-files.js";
import { keepCertificate } from "../../core/pki/certificate-keeper.js";
import type { CallGate } from "../../core/transport/call-gate.js";
import { tailnetPort } from "../../core/tailscale/tailnet-address.js";
import { tailnetIdentify } from "../../core/tailscale/tailnet-identify.js";
import { Tailnet } from "../../core/tailscale/tailnet.js";
import { explainTls, type Unreachable } from "../../core/transport/explain-tls.js";
import type { Listening } from "../../core/transport/grpc-server.js";
import { IdentityProvider } from "../../core/transport/identity-provider.js";
import { mtlsIdentify } from "../../core/transport/mtls-identify.js";
import { remoteChannelOptions } from "../../core/transport/channel-options.js";
import { serveOnTailnet } from "../../core/transport/tailnet-server.js";
import { tlsCredentials } from "../../core/transport/tls-credentials.js";
import { serveOnTls, type TlsListening, type TlsListenRequest } from "../../core/transport/tls-server.js";
import { CoordinatorService, type CoordinatorServer } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Enrolment } from "../enrolment/enrolment.js";
import { fleetOf, ownIdentity } from "./own-identity.js";

/** Grants that are narrowed are held against these calls by the nodes, which know what is in a pane. */
export const decidedByNodes: ReadonlySet<string> = new Set([
  "ListTargets", "Watch", "Detect", "Capture", "FollowCapture", "ReadConversation", "Send", "BulkSend", "PressKey", "Exec",
]);

/** The coordinator's side of the network: its certificate, the way to nodes of other machines, and the listener for those who call from there. */
export class Network {
  readonly #config: Config;
  readonly #enrolment: Enrolment;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #provider: IdentityProvider | undefined;
  readonly #stopKeeping: () => void;
  #listening: TlsListening | undefined;
  #tailnet: Listening | undefined;

  private constructor(config: Config, enrolment: Enrolment, clock: Clock, log: Log, provider: IdentityProvider | undefined) {
    this.#config = config;
    this.#enrolment = enrolment;
    this.#clock = clock;
    this.#log = log;
    this.#provider = provider;
    const renew = (request: string): Promise<string> => enrolment.issueOwn(config.machine, request);
    this.#stopKeeping = provider ? keepCertificate({ dataDir: config.dataDir, kind: "coordinator", settings: {}, provider, clock, log, renew }) : () => undefined;
  }

  /** Without a CA there is no network, which is refused where one was asked for. */
  static async create(config: Config, enrolment: Enrolment, clock: Clock, log: Log): Promise<Network> {
    const listensWithTls = config.coordinatorListen !== undefined && tailnetPort(config.coordinatorListen) === undefined;
    const isAsked = listensWithTls || config.nodes.some(({ address }) => !address.startsWith("ssh://"));
    if (!hasAuthority(config.dataDir)) {
      if (isAsked) throw new DispatchError("ca_missing", "The configuration names machines or an address to listen on, and there is no certificate authority.");
      return new Network(config, enrolment, clock, log, undefined);
    }
    return new Network(config, enrolment, clock, log, new IdentityProvider(await ownIdentity(config, enrolment, clock)));
  }

  /** For a channel to the node of that name, and to nobody else; and why there is none. */
  wayTo(machine: string, address: string): { credentials: ChannelCredentials; explain: () => Promise<Unreachable | undefined> } {
    const provider = this.#provider;
    if (!provider) throw new DispatchError("ca_missing");
    const expected = { fleet: fleetOf(provider.current), kind: "node", name: machine } as const;
    return { credentials: tlsCredentials(provider, expected, (serial) => this.#enrolment.isRevoked(serial)), explain: () => explainTls(address, provider, expected) };
  }

  /** Listens where that is configured. */
  async listen(serviceBehind: (gate: CallGate) => CoordinatorServer, onRefused: TlsListenRequest["onRefused"]): Promise<void> {
    const { coordinatorListen: listen, grants, tailnetCapability } = this.#config;
    if (listen === undefined) return;
    const port = tailnetPort(listen);
    if (port !== undefined) {
      const tailnet = new Tailnet(this.#clock);
      const identify = tailnetIdentify(tailnet, tailnetCapability, this.#log);
      const gate = networkGate({ log: this.#log, grants, identify, decidedFurtherOn: decidedByNodes, objectOf: async () => ({}) });
      this.#tailnet = await serveOnTailnet({ tailnet, port, channel: remoteChannelOptions, service: CoordinatorService, implementation: serviceBehind(gate), clock: this.#clock, onRefused });
      this.#log.info({ address: this.#tailnet.address }, "coordinator is listening on the tailnet");
      return;
    }
    if (!this.#provider) return;
    const identify = mtlsIdentify(fleetOf(this.#provider.current), (serial) => this.#enrolment.isRevoked(serial), () => this.#clock.now());
    const gate = networkGate({ log: this.#log, grants, identify, decidedFurtherOn: decidedByNodes, objectOf: async () => ({}) });
    this.#listening = await serveOnTls({ listen, channel: remoteChannelOptions, provider: this.#provider, service: CoordinatorService, implementation: serviceBehind(gate), clock: this.#clock, log: this.#log, onRefused });
    this.#log.info({ address: this.#listening.address }, "coordinator is listening for other machines");
  }

  /** `host:port`; undefined where it does not listen. */
  get address(): string | undefined {
    return (this.#listening ?? this.#tailnet)?.address;
  }

  /** Ends the connections of certificates that were taken back. */
  dropRevoked(): void {
    this.#listening?.drop((serial) => this.#enrolment.isRevoked(serial));
  }

  async close(): Promise<void> {
    this.#stopKeeping();
    await Promise.all([this.#listening?.close(), this.#tailnet?.close()]);
  }
}
