import { auditRefusals } from "../../core/access/audit-refusals.js";
import { auditedGate } from "../../core/access/audited-gate.js";
import { networkGate } from "../../core/access/network-gate.js";
import { systemClock } from "../../core/clock.js";
import type { Config } from "../../core/config/config.js";
import type { Log } from "../../core/log.js";
import type { AuditLog } from "../../core/store/audit-log.js";
import { tailnetIdentify } from "../../core/tailscale/tailnet-identify.js";
import { Tailnet } from "../../core/tailscale/tailnet.js";
import type { Listening } from "../../core/transport/grpc-server.js";
import { patientChannelOptions } from "../../core/transport/channel-options.js";
import { serveOnTailnet } from "../../core/transport/tailnet-server.js";
import { NodeAgentService } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";
import { decidedByHandlers, nodeService } from "../service/node-service.js";
import { objectOfRequest } from "./object-of-request.js";

/** Whoever the tailnet names, with the grants that its policy file or this machine's configuration gives. */
export async function openTailnet({ grants, tailnetCapability, maxPromptBytes }: Config, port: number, node: Node, audit: AuditLog, log: Log): Promise<Listening> {
  const tailnet = new Tailnet(systemClock);
  const identify = tailnetIdentify(tailnet, tailnetCapability, log);
  const open = networkGate({ log, grants, identify, decidedFurtherOn: decidedByHandlers, objectOf: (request) => objectOfRequest(node, request) });
  const gate = auditedGate(open, (entry) => audit.append(entry));
  const implementation = nodeService(node, gate, { maxPromptBytes, audit, grants, onRevocations: () => undefined });
  const listening = await serveOnTailnet({ tailnet, port, channel: patientChannelOptions, service: NodeAgentService, implementation, clock: systemClock, onRefused: auditRefusals((entry) => audit.append(entry), systemClock) });
  log.info({ address: listening.address }, "node is listening on the tailnet");
  return listening;
}
