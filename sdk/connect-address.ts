import { credentials, type ChannelCredentials } from "@grpc/grpc-js";
import { systemClock } from "../core/clock.js";
import type { Config } from "../core/config/config.js";
import { loadConfig } from "../core/config/load-config.js";
import { refuseForeign, socketFolder, socketPath } from "../core/config/state-folder.js";
import type { Principal } from "../core/domain/principal.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { loadIdentity, type IdentitySettings } from "../core/pki/identity-store.js";
import { tailnetMachine } from "../core/tailscale/tailnet-address.js";
import { explainTls, type Unreachable } from "../core/transport/explain-tls.js";
import { formatHostPort } from "../core/transport/host-port.js";
import { IdentityProvider } from "../core/transport/identity-provider.js";
import { tlsCredentials } from "../core/transport/tls-credentials.js";
import { isListening } from "./daemon/daemon-control.js";
import { ensureDaemon } from "./daemon/ensure-daemon.js";

export interface ConnectOptions {
  /** Address of a coordinator, such as `unix:/run/dispatch/coordinator.sock`. */
  readonly address?: string | undefined;
  /** Configuration; loaded from files and environment where none is given. */
  readonly config?: Config | undefined;
  /** For whom the calls are made, by one who may say so: the owner of the coordinator's own socket. */
  readonly behalfOf?: Principal | undefined;
  /** Told, in one sentence, what a person may want to know: such as that the background process is of another version. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** Where a coordinator is, and how it is talked to where it is on another machine. */
export interface CoordinatorAddress {
  readonly address: string;
  readonly channel?: ChannelCredentials | undefined;
  /** What this user joined the fleet as. */
  readonly own?: OwnIdentity | undefined;
  /** Why it cannot be talked to, where more can be found out than that. */
  readonly explain?: (() => Promise<Unreachable | undefined>) | undefined;
}

export interface OwnIdentity {
  readonly dataDir: string;
  readonly settings: IdentitySettings;
  readonly provider: IdentityProvider;
}

/**
 * The coordinator to connect to: the one that is named; else the one of the fleet that this user joined as a client; else the one of this
 * machine, whose background process is started where that is ours to do.
 */
export async function connectAddress({ address, config = loadConfig().config, onNotice }: ConnectOptions): Promise<CoordinatorAddress> {
  if (address) return { address };
  const remote = await tailnetCoordinator(config) ?? remoteCoordinator(config);
  if (remote) return remote;
  if (config.autostart) {
    const ensured = await ensureDaemon(config);
    if (ensured === "outdated") onNotice?.("The background process is of another version; it is replaced once its deliveries have ended.");
  } else if (await isListening(config)) {
    refuseForeign(socketFolder(config.dataDir));
  } else {
    throw new DispatchError("daemon_unavailable", undefined, { metadata: { path: config.dataDir } });
  }
  return { address: `unix:${socketPath(config.dataDir, "coordinator.sock")}` };
}

/** Found by its name among the peers: nothing but an address of the tailnet is talked to without TLS. */
async function tailnetCoordinator({ coordinator = "" }: Config): Promise<CoordinatorAddress | undefined> {
  const wanted = tailnetMachine(coordinator);
  if (!wanted) return undefined;
  const { Tailnet } = await import("../core/tailscale/tailnet.js");
  const { self, peers } = await new Tailnet(systemClock).status();
  const name = wanted.machine.toLowerCase();
  const peer = [...peers, ...(self ? [self] : [])].find((one) => [one.name, one.dnsName].some((known) => known.toLowerCase() === name));
  const [address] = peer?.addresses ?? [];
  if (!peer || address === undefined) throw new DispatchError("unknown_machine", `No machine named "${wanted.machine}" is on the tailnet.`, { metadata: { field: "coordinator", value: coordinator } });
  if (!peer.online) throw new DispatchError("daemon_unavailable", `${peer.name} is not on the tailnet${peer.lastSeen ? ` since ${peer.lastSeen.toISOString()}` : ""}.`, { metadata: { machine: peer.name } });
  return { address: formatHostPort(address, wanted.port), channel: credentials.createInsecure() };
}

function remoteCoordinator(config: Config): CoordinatorAddress | undefined {
  const own = loadIdentity(config.dataDir, "client");
  if (!own) return undefined;
  const address = config.coordinator ?? own.settings.coordinator;
  if (address === undefined) return undefined;
  const provider = new IdentityProvider(own);
  const expected = { fleet: own.identity.fleet, kind: "coordinator" } as const;
  return { address, channel: tlsCredentials(provider, expected), own: { dataDir: config.dataDir, settings: own.settings, provider }, explain: () => explainTls(address, provider, expected) };
}
