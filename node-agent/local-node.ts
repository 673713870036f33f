import type { Captured } from "../core/domain/captured.js";
import type { Clock } from "../core/clock.js";
import type { Conversation } from "../core/domain/conversation.js";
import type { Delivery, DeliveryStatus, DeliveryUpdate } from "../core/domain/delivery.js";
import type { DetectedTarget } from "../core/domain/detection.js";
import type { ExecRequest } from "../core/domain/exec.js";
import type { Finding } from "../core/domain/finding.js";
import type { NodeDescription } from "../core/domain/node-description.js";
import type { ResolvedTarget, TargetAddress } from "../core/domain/target.js";
import type { WatchEvent } from "../core/domain/watch-event.js";
import { formatAddress } from "../core/domain/target-address.js";
import { version } from "../core/version.js";
import { readConversation } from "./conversation/read-conversation.js";
import { capturePaneText } from "./capture/capture-pane-text.js";
import { followCapture } from "./capture/follow-capture.js";
import type { DeliveryDesk } from "./delivery/delivery-desk.js";
import type { PaneLocks } from "./delivery/pane-locks.js";
import type { Pane } from "./delivery/sight.js";
import type { Eyes } from "./detection/eyes.js";
import { diagnose } from "./doctor/diagnose.js";
import { runExec } from "./exec/run-exec.js";
import type { DeliverRequest, Node } from "./node.js";
import type { Journal } from "./store/journal.js";
import type { ProcessFacts } from "./processes/process-facts.js";
import { contract } from "../core/wire/contract.js";
import { describePane, resolveTarget } from "./tmux/resolve-target.js";
import { pressKey, type KeyRequest } from "./keys/press-key.js";
import { listSessions } from "./sessions/list-sessions.js";
import type { TmuxServer } from "./tmux/tmux-server.js";
import type { TmuxServers } from "./tmux/tmux-servers.js";
import { tmuxVersion } from "./tmux/tmux-version.js";
import { watchTargets } from "./watch/watch-targets.js";

export interface LocalNodeParts {
  readonly machine: string;
  readonly clock: Clock;
  readonly facts: ProcessFacts;
  readonly servers: TmuxServers;
  readonly eyes: Eyes;
  readonly desk: DeliveryDesk;
  readonly journal: Journal;
  readonly locks: PaneLocks;
  readonly resolve: (address: TargetAddress) => Promise<Pane>;
  readonly aliases: readonly string[];
  readonly agentKinds: readonly string[];
  readonly platform: string;
  readonly pid: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The node of this machine: the rooms behind the port. */
export class LocalNode implements Node {
  readonly #parts: LocalNodeParts;
  readonly #startedAt: Date;

  constructor(parts: LocalNodeParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
  }

  async describe(): Promise<NodeDescription> {
    const { machine, aliases, pid, servers, agentKinds, platform, environment } = this.#parts;
    return {
      machine, aliases, contract, version, pid, startedAt: this.#startedAt, agentKinds, platform, home: environment["HOME"] ?? "",
      tmuxVersion: await tmuxVersion(environment).catch(() => ""), servers: await servers.paths(),
    };
  }

  async listTargets(server: string): Promise<DetectedTarget[]> {
    const servers = server === "" ? await this.#parts.servers.all() : [await this.#parts.servers.get(server)];
    return (await Promise.all(servers.map((each) => this.#listServer(each)))).flat();
  }

  async detect(address: TargetAddress): Promise<DetectedTarget> {
    const { server, target } = await this.#resolve(address);
    return { target, detection: (await this.#parts.eyes.see(server, target)).detection };
  }

  deliver(request: DeliverRequest, signal: AbortSignal): AsyncIterable<DeliveryUpdate> {
    return this.#parts.desk.deliver({ ...request, requestedTarget: formatAddress(request.address) }, signal);
  }

  follow(idOrKey: string, signal: AbortSignal): AsyncIterable<DeliveryUpdate> {
    return this.#parts.desk.follow(idOrKey, signal);
  }

  cancel(idOrKey: string): Promise<{ delivery: Delivery; cancelled: boolean }> {
    return this.#parts.desk.cancel(idOrKey);
  }

  async capture(address: TargetAddress, lines: number): Promise<Captured> {
    const { server, target } = await this.#resolve(address);
    const place = { target, capture: (count: number) => server.capture(target.paneId, count), detect: async () => (await this.#parts.eyes.see(server, target)).detection };
    return capturePaneText(place, lines, this.#parts.clock);
  }

  exec(request: ExecRequest, signal: AbortSignal): AsyncIterable<DeliveryUpdate> {
    return runExec(this.#parts, request, signal);
  }

  pressKey(request: KeyRequest): Promise<Delivery> {
    return pressKey(this.#parts, request);
  }

  async *followCapture(address: TargetAddress, lines: number, signal: AbortSignal): AsyncGenerator<{ text: string; gone: boolean }> {
    const { server, target } = await this.#resolve(address);
    const place = { width: target.width, capture: (count: number) => server.capture(target.paneId, count), watch: (onChange: () => void) => server.watchPane(target.paneId, onChange) };
    yield* followCapture(place, lines, this.#parts.clock, signal);
  }

  readConversation(address: TargetAddress, limit: number): Promise<Conversation> {
    return readConversation(this.#parts, address, limit);
  }

  listSessions(query: string): Promise<TargetAddress[]> {
    return listSessions(query, this.#parts.environment);
  }

  watch(address: TargetAddress | undefined, signal: AbortSignal): AsyncIterable<WatchEvent> {
    return watchTargets({ clock: this.#parts.clock, list: () => this.#watchable(address) }, signal);
  }

  getDelivery(idOrKey: string): Promise<Delivery> {
    return this.#parts.desk.get(idOrKey);
  }

  async listDeliveries({ status, limit }: { status?: DeliveryStatus | undefined; limit: number }): Promise<Delivery[]> {
    return this.#parts.journal.list(status, limit);
  }

  doctor(): Promise<Finding[]> {
    return diagnose({ ...this.#parts, targets: () => this.listTargets("") });
  }

  async close(): Promise<void> {
    await this.#parts.desk.close();
    await this.#parts.servers.close();
    this.#parts.journal.close();
  }

  async #listServer(server: TmuxServer): Promise<DetectedTarget[]> {
    const targets = await this.#targetsOf(server);
    const seen = await Promise.allSettled(targets.map((target) => this.#parts.eyes.see(server, target)));
    // A pane that ended since it was listed is no target any more.
    return seen.flatMap((result, index) => {
      const target = targets[index];
      return result.status === "fulfilled" && target ? [{ target, detection: result.value.detection }] : [];
    });
  }

  /** A window that is linked into several sessions is listed once for each: the first name stands for its panes. */
  async #targetsOf(server: TmuxServer): Promise<ResolvedTarget[]> {
    const panes = new Map<string, ResolvedTarget>();
    for (const pane of await server.listPanes()) {
      if (!panes.has(pane.paneId)) panes.set(pane.paneId, describePane(pane, this.#parts.machine, server.socketPath));
    }
    return [...panes.values()];
  }

  async #watchable(address: TargetAddress | undefined): Promise<{ target: ResolvedTarget; see: () => Promise<DetectedTarget>; watch: (onChange: () => void) => Promise<() => void> }[]> {
    const found = address === undefined
      ? (await Promise.all((await this.#parts.servers.all()).map(async (server) => (await this.#targetsOf(server)).map((target) => ({ server, target }))))).flat()
      : [await this.#resolve(address)];
    return found.map(({ server, target }) => ({
      target,
      see: async () => ({ target, detection: (await this.#parts.eyes.see(server, target)).detection }),
      watch: (onChange) => server.watchPane(target.paneId, onChange),
    }));
  }

  async #resolve(address: TargetAddress): Promise<{ server: TmuxServer; target: ResolvedTarget }> {
    const server = await this.#parts.servers.get(address.server);
    return { server, target: await resolveTarget(server, this.#parts.machine, address) };
  }
}
