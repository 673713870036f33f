import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Log } from "../../core/log.js";
import type { TailnetPeer } from "../../core/tailscale/parse-status.js";
import type { Tailnet } from "../../core/tailscale/tailnet.js";
import { formatHostPort } from "../../core/transport/host-port.js";
import { NodeClient } from "./node-client.js";
import type { FoundNode, NodeDirectory } from "./node-directory.js";

/** The command line of tailscale tells no changes: it is asked. */
const everyMs = 15_000;
const probeMs = 2_000;
const probesAtOnce = 16;

export interface FinderParts {
  readonly tailnet: Tailnet;
  readonly nodes: NodeDirectory;
  /** At which nodes of the tailnet listen. */
  readonly port: number;
  /** Peers with it are nodes; where none is given those are that answer at the port. */
  readonly tag?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Finds nodes among the peers of the tailnet, and which of them are off it. */
export class TailnetFinder {
  readonly #parts: FinderParts;
  /** Addresses at which a node has answered. */
  readonly #answered = new Set<string>();
  #failure = "";

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  /** Why the last look failed, or empty. */
  get failure(): string {
    return this.#failure;
  }

  /** Looks now and again and again. Returns what ends it. */
  start(): () => void {
    const { clock } = this.#parts;
    let cancel = (): void => undefined;
    let ended = false;
    const round = async (): Promise<void> => {
      await this.look();
      if (!ended) cancel = clock.after(everyMs, () => void round());
    };
    void round();
    return () => {
      ended = true;
      cancel();
    };
  }

  /** One look. Where the tailnet cannot be asked, what was known stays. */
  async look(): Promise<void> {
    const { tailnet, nodes, tag, log } = this.#parts;
    try {
      const { peers } = await tailnet.status();
      const candidates = peers.filter(({ addresses, tags, expired }) => addresses.length > 0 && !expired && (tag === undefined || tags.includes(tag)));
      if (tag === undefined) await this.#probe(candidates.filter(({ online }) => online));
      const found = candidates.filter((peer) => tag !== undefined || this.#answered.has(this.#addressOf(peer)));
      nodes.setFound(found.map((peer) => this.#entry(peer)));
      this.#failure = "";
    } catch (error) {
      const { message } = error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error });
      if (message !== this.#failure) log.warn({ why: message }, "the tailnet could not be asked for nodes");
      this.#failure = message;
    }
  }

  async #probe(peers: readonly TailnetPeer[]): Promise<void> {
    const open = peers.filter((peer) => !this.#answered.has(this.#addressOf(peer)));
    const worker = async (): Promise<void> => {
      for (let peer = open.pop(); peer; peer = open.pop()) if (await this.#answers(peer)) this.#answered.add(this.#addressOf(peer));
    };
    await Promise.all(Array.from({ length: probesAtOnce }, worker));
  }

  /** One that refuses us is a node all the same. */
  async #answers(peer: TailnetPeer): Promise<boolean> {
    const client = new NodeClient(peer.name, this.#addressOf(peer));
    try {
      await client.describe({ deadline: new Date(this.#parts.clock.now().getTime() + probeMs) });
      return true;
    } catch (error) {
      return error instanceof DispatchError && ["policy_denied", "unauthenticated"].includes(error.reason);
    } finally {
      client.close();
    }
  }

  #entry(peer: TailnetPeer): FoundNode {
    const { name, dnsName, online, lastSeen } = peer;
    return { machine: name, aliases: dnsName && dnsName !== name ? [dnsName] : [], address: this.#addressOf(peer), ...(!online && { offline: { since: lastSeen } }) };
  }

  #addressOf({ addresses }: TailnetPeer): string {
    return formatHostPort(addresses[0] ?? "", this.#parts.port);
  }
}
