import { existsSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../core/clock.js";
import type { Config } from "../core/config/config.js";
import { ensurePrivateFolder, socketFolder, socketPath } from "../core/config/state-folder.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import type { Log } from "../core/log.js";
import { acquireLock } from "../core/store/process-lock.js";
import { Tailnet } from "../core/tailscale/tailnet.js";
import { networkGate } from "../core/access/network-gate.js";
import { auditRefusals } from "../core/access/audit-refusals.js";
import { auditedGate } from "../core/access/audited-gate.js";
import { AuditLog } from "../core/store/audit-log.js";
import type { CallGate } from "../core/transport/call-gate.js";
import { thisOwner } from "../core/transport/owners-gate.js";
import { serveOnSocket } from "../core/transport/grpc-server.js";
import { CoordinatorService } from "../proto/gen/dispatch/v1/coordinator.js";
import type { NodeAgentClient } from "../proto/gen/dispatch/v1/node_agent.js";
import type { Coordinator } from "./coordinator.js";
import { DeliveryFeed } from "./deliveries/delivery-feed.js";
import { DeliveryRunner } from "./deliveries/delivery-runner.js";
import { FairSlots } from "./fanout/fair-slots.js";
import { Enrolment } from "./enrolment/enrolment.js";
import { tellRevocations } from "./enrolment/tell-revocations.js";
import { decidedByNodes, Network } from "./network/network.js";
import { loadAuthority } from "../core/pki/authority-files.js";
import type { IssuedCertificate } from "./store/certificate-store.js";
import { SqliteCertificateStore } from "./store/sqlite-certificate-store.js";
import { connectNode } from "./nodes/connect-node.js";
import { NodeClient } from "./nodes/node-client.js";
import { NodeDirectory, type KnownNode } from "./nodes/node-directory.js";
import { TailnetFinder } from "./nodes/tailnet-finder.js";
import { NodeScheduleWaker } from "./scheduler/node-schedule-waker.js";
import { Scheduler } from "./scheduler/scheduler.js";
import { coordinatorService } from "./service/coordinator-service.js";
import { SqliteNodeStore } from "./store/sqlite-node-store.js";
import { SqliteDeliveryStore } from "./store/sqlite-delivery-store.js";
import { SqliteScheduleStore } from "./store/sqlite-schedule-store.js";

export interface RunningCoordinator {
  readonly address: string;
  /** `host:port` for other machines, where it listens for them. */
  readonly networkAddress: string | undefined;
  /** Its lock and its socket. */
  readonly files: readonly string[];
  /** Puts what another listener of this process refused into the audit log. */
  readonly auditRefusal: (refusal: { peer: string; why: string; rpc?: string }) => void;
  close(): Promise<void>;
}

/** Wires and serves a coordinator on its socket, with the node of the same state folder: on its socket, or in this process through `ownNode`. One per state folder. */
export async function startCoordinator(config: Config, log: Log, ownNode?: NodeAgentClient): Promise<RunningCoordinator> {
  ensurePrivateFolder(config.dataDir);
  ensurePrivateFolder(socketFolder(config.dataDir));
  const files = [join(config.dataDir, "coordinator.lock"), socketPath(config.dataDir, "coordinator.sock")] as const;
  const lock = acquireLock(files[0], 0);
  if (!lock) throw new DispatchError("already_running", `A coordinator is running already for ${config.dataDir}.`, { metadata: { path: config.dataDir } });
  const clock = systemClock;
  const closers: (() => unknown)[] = [() => lock.release()];
  const closeAll = async (): Promise<void> => {
    while (closers.length > 0) await closers.pop()?.();
  };
  try {
    const path = join(config.dataDir, "coordinator.db");
    const store = new SqliteDeliveryStore(path);
    const schedules = new SqliteScheduleStore(path);
    const nodeStore = new SqliteNodeStore(path);
    const certificates = new SqliteCertificateStore(path);
    closers.push(() => store.close(), () => schedules.close(), () => nodeStore.close(), () => certificates.close());
    const audit = new AuditLog(join(config.dataDir, "audit-coordinator.db"), clock);
    const audited = (gate: CallGate): CallGate => auditedGate(gate, (entry) => audit.append(entry));
    closers.push(() => audit.close());
    const enrolment = new Enrolment(certificates, clock, () => loadAuthority(config.dataDir, clock), (revoked) => {
      network.dropRevoked();
      tellNodes(revoked);
    });
    const network = await Network.create(config, enrolment, clock, log);
    const nodes = new NodeDirectory({
      local: localNode(config, ownNode), store: nodeStore, configured: config.nodes,
      hasLocal: () => existsSync(socketPath(config.dataDir, "node.sock")),
      connect: (entry, source) => connectNode(entry, source, { dataDir: config.dataDir, network, clock, log }),
    });
    const tellNodes = (revoked: readonly IssuedCertificate[]): void => tellRevocations(nodes, enrolment, revoked, clock, log);
    const feed = new DeliveryFeed(store);
    const slots = new FairSlots({ total: config.maxDeliveries, perMachine: config.maxDeliveriesPerMachine });
    const runner = new DeliveryRunner({ store, feed, nodes, slots, clock, log });
    const scheduler = new Scheduler({ schedules, clock, waker: new NodeScheduleWaker(clock), log, owner: `${config.machine}/${process.pid}` });
    // Whoever waits for a node to come back waits no more.
    closers.push(async () => {
      const ended = Promise.all([scheduler.close(), runner.close()]);
      nodes.close();
      await ended;
    });
    const finder = config.tailnetNodes && new TailnetFinder({ ...config.tailnetNodes, tailnet: new Tailnet(clock), nodes, clock, log });
    if (finder) closers.push(finder.start());
    runner.resume();
    const coordinator: Coordinator = {
      store, feed, runner, nodes, schedules, scheduler, enrolment, audit, grants: config.grants, networkAddress: () => network.address, tailnetFailure: () => finder?.failure ?? "", clock, log, maxPromptBytes: config.maxPromptBytes, startedAt: clock.now(),
    };
    // Whoever has this socket may also call for somebody else, as the HTTP interface does.
    const principal = thisOwner();
    const ownGate = networkGate({ log, grants: config.grants, identify: () => principal, decidedFurtherOn: decidedByNodes, objectOf: async () => ({}) });
    const socketGate: CallGate = { ...ownGate, identify: async (call) => {
      const caller = await ownGate.identify(call);
      return caller.behalfOf ?? caller;
    } };
    const service = coordinatorService(coordinator, audited(socketGate));
    const listening = await serveOnSocket(files[1], "dispatch.v1.Coordinator", CoordinatorService, service);
    closers.push(() => listening.close(), () => network.close());
    const auditRefusal = auditRefusals((entry) => audit.append(entry), clock);
    await network.listen((gate) => coordinatorService(coordinator, audited(gate)), auditRefusal);
    scheduler.start(coordinator);
    log.info({ address: listening.address }, "coordinator is listening");
    return { address: listening.address, networkAddress: network.address, files, auditRefusal, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function localNode({ machine, aliases, dataDir }: Config, client: NodeAgentClient | undefined): KnownNode {
  const address = `unix:${socketPath(dataDir, "node.sock")}`;
  return { machine, aliases, address, source: "local", client: new NodeClient(machine, address, undefined, client) };
}
