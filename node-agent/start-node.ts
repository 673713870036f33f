import { ensurePrivateFolder, socketFolder, socketPath } from "../core/config/state-folder.js";
import type { Config } from "../core/config/config.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import type { Log } from "../core/log.js";
import { acquireLock } from "../core/store/process-lock.js";
import { auditedGate } from "../core/access/audited-gate.js";
import { systemClock } from "../core/clock.js";
import { AuditLog } from "../core/store/audit-log.js";
import { networkGate } from "../core/access/network-gate.js";
import { thisOwner } from "../core/transport/owners-gate.js";
import { serveOnSocket } from "../core/transport/grpc-server.js";
import { inProcessClient } from "../core/transport/in-process-client.js";
import { NodeAgentService, type NodeAgentClient } from "../proto/gen/dispatch/v1/node_agent.js";
import { join } from "node:path";
import type { Node } from "./node.js";
import { objectOfRequest } from "./network/object-of-request.js";
import { openNetwork } from "./network/open-network.js";
import { decidedByHandlers, nodeService } from "./service/node-service.js";

export interface RunningNode {
  readonly machine: string;
  readonly address: string;
  /** For callers in this process, who are its owner. */
  readonly client: NodeAgentClient;
  /** Its lock and its socket. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

/** Serves a node on its socket. One per state folder. `create` runs once the folder is ours. */
export async function startNode(config: Config, log: Log, create: () => Promise<Node>): Promise<RunningNode> {
  ensurePrivateFolder(config.dataDir);
  ensurePrivateFolder(socketFolder(config.dataDir));
  const files = [join(config.dataDir, "node.lock"), socketPath(config.dataDir, "node.sock")] as const;
  const lock = acquireLock(files[0], 0);
  if (!lock) throw new DispatchError("already_running", `A node is running already for ${config.dataDir}.`, { metadata: { path: config.dataDir } });
  try {
    const node = await create();
    // The coordinator on this socket also calls for people on the network.
    const principal = thisOwner();
    const audit = new AuditLog(join(config.dataDir, "audit-node.db"), systemClock);
    const open = networkGate({ log, grants: config.grants, identify: () => principal, decidedFurtherOn: decidedByHandlers, objectOf: (request) => objectOfRequest(node, request) });
    const gate = auditedGate(open, (entry) => audit.append(entry));
    const service = nodeService(node, gate, { maxPromptBytes: config.maxPromptBytes, audit, grants: config.grants, onRevocations: () => undefined });
    const listening = await serveOnSocket(files[1], "dispatch.v1.NodeAgent", NodeAgentService, service);
    log.info({ address: listening.address }, "node is listening");
    const network = await openNetwork(config, node, audit, log).catch(async (error: unknown) => {
      await listening.close();
      await node.close();
      throw error;
    });
    return {
      machine: config.machine,
      address: listening.address,
      client: inProcessClient(NodeAgentService, service),
      files,
      async close() {
        await network?.close();
        await listening.close();
        await node.close();
        audit.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
