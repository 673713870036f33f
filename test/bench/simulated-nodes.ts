// Nodes on real sockets with mutual TLS, as many as asked for, in one process: `run-ts.mjs simulated-nodes.ts DATA_DIR COUNT DELIVERY_MS`.
// It prints where each of them listens, then one line whenever it is asked for its figures (a line on standard input), which begins them anew.
import { createInterface } from "node:readline";
import { systemClock } from "../../core/clock.js";
import type { DeliveryUpdate } from "../../core/domain/delivery.js";
import { silentLog } from "../../core/log.js";
import { authorityCertificate, loadAuthority } from "../../core/pki/authority-files.js";
import { createRequest } from "../../core/pki/certificate-authority.js";
import type { AuditLog } from "../../core/store/audit-log.js";
import { IdentityProvider } from "../../core/transport/identity-provider.js";
import { mtlsIdentify } from "../../core/transport/mtls-identify.js";
import { patientChannelOptions } from "../../core/transport/channel-options.js";
import { serveOnTls } from "../../core/transport/tls-server.js";
import { NodeAgentService } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { DeliverRequest } from "../../node-agent/node.js";
import { nodeService } from "../../node-agent/service/node-service.js";
import { ScriptedNode } from "../testkit/scripted-node/scripted-node.js";

const [dataDir = "", count = "1", deliveryMs = "0"] = process.argv.slice(2);
const figures = { delivered: 0, mostAtOnce: 0, firstVerdictAt: 0 };

/** A node whose deliveries take a while, and which knows how many it had at once. */
class SimulatedNode extends ScriptedNode {
  #running = 0;

  override async *deliver(request: DeliverRequest, signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    figures.mostAtOnce = Math.max(figures.mostAtOnce, ++this.#running);
    try {
      if (Number(deliveryMs) > 0) await new Promise((resolve) => void setTimeout(resolve, Number(deliveryMs)));
      for await (const update of super.deliver(request, signal)) {
        if (update.step === "delivered") {
          figures.firstVerdictAt ||= Date.now();
          figures.delivered++;
        }
        yield update;
      }
    } finally {
      this.#running--;
    }
  }
}

const authority = await loadAuthority(dataDir, systemClock);
// One key for all of them: what is measured is not how keys are made.
const { key, request } = await createRequest("simulated");
const nodes = [];
for (let index = 0; index < Number(count); index++) {
  const machine = `sim${index}`;
  const certificate = await authority.issue({ identity: { kind: "node", name: machine, roles: [] }, request, lifeMs: 86_400_000 });
  const provider = new IdentityProvider({ key, certificate, authority: authorityCertificate(dataDir) });
  const gate = { log: silentLog, identify: mtlsIdentify(authority.fleet, () => false, () => systemClock.now()), admit: () => () => undefined };
  const implementation = nodeService(new SimulatedNode({ machine }), gate, { maxPromptBytes: 1_000_000, audit: undefined as unknown as AuditLog, grants: [], onRevocations: () => undefined });
  const { address } = await serveOnTls({ listen: "127.0.0.1:0", channel: patientChannelOptions, provider, service: NodeAgentService, implementation, clock: systemClock, log: silentLog, onRefused: () => undefined });
  nodes.push({ machine, address });
}
process.stdout.write(`${JSON.stringify(nodes)}\n`);
createInterface({ input: process.stdin }).on("line", () => {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  Object.assign(figures, { delivered: 0, mostAtOnce: 0, firstVerdictAt: 0 });
}).on("close", () => process.exit());
