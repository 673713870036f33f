import { auditRefusals } from "../../core/access/audit-refusals.js";
import { auditedGate } from "../../core/access/audited-gate.js";
import type { AuditLog } from "../../core/store/audit-log.js";
import { networkGate } from "../../core/access/network-gate.js";
import { systemClock } from "../../core/clock.js";
import { defaultConfig, type Config } from "../../core/config/config.js";
import { environment } from "../../core/config/environment.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Log } from "../../core/log.js";
import { keepCertificate } from "../../core/pki/certificate-keeper.js";
import type { StoredIdentity } from "../../core/pki/identity-store.js";
import { Revocations } from "../../core/pki/revocations.js";
import { callUnary } from "../../core/transport/calls.js";
import { remoteChannelOptions } from "../../core/transport/channel-options.js";
import type { Listening } from "../../core/transport/grpc-server.js";
import { isUnspecified } from "../../core/transport/host-port.js";
import { IdentityProvider } from "../../core/transport/identity-provider.js";
import { mtlsIdentify } from "../../core/transport/mtls-identify.js";
import { tlsCredentials } from "../../core/transport/tls-credentials.js";
import { patientChannelOptions } from "../../core/transport/channel-options.js";
import { serveOnTls } from "../../core/transport/tls-server.js";
import { version } from "../../core/version.js";
import { contract } from "../../core/wire/contract.js";
import { CoordinatorClient } from "../../proto/gen/dispatch/v1/coordinator.js";
import { NodeAgentService } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";
import { decidedByHandlers, nodeService } from "../service/node-service.js";
import { objectOfRequest } from "./object-of-request.js";
import { registerWithCoordinator } from "./register-with-coordinator.js";

const callMs = 10_000;

/** Takes calls of the coordinator whose fleet it joined, and registers with it. */
export async function openMtls(config: Config, { listen, own }: { listen: string; own: StoredIdentity | undefined }, node: Node, audit: AuditLog, log: Log): Promise<Listening> {
  const { dataDir, machine, aliases, grants, maxPromptBytes } = config;
  if (isUnspecified(listen) && config.nodeAddress === undefined) throw new DispatchError("invalid_argument", `nodeListen: ${listen} is no address at which the coordinator could reach this machine; name one, or say it as nodeAddress.`, { metadata: { field: "nodeListen", value: listen } });
  if (!own) throw new DispatchError("insecure_listen", undefined, { metadata: { field: "nodeListen", value: listen } });
  const clock = systemClock;
  const provider = new IdentityProvider(own);
  const revocations = new Revocations(dataDir);
  const { fleet, name } = own.identity;
  const open = networkGate({
    log, grants, identify: mtlsIdentify(fleet, (serial) => revocations.has(serial), () => clock.now()),
    decidedFurtherOn: decidedByHandlers, objectOf: (request) => objectOfRequest(node, request),
  });
  const gate = auditedGate(open, (entry) => audit.append(entry));
  const service = nodeService(node, gate, {
    maxPromptBytes, audit, grants,
    onRevocations: (serials) => {
      revocations.replace(serials);
      listening.drop((serial) => revocations.has(serial));
    },
  });
  const listening = await serveOnTls({ listen, channel: patientChannelOptions, provider, service: NodeAgentService, implementation: service, clock, log, onRefused: auditRefusals((entry) => audit.append(entry), clock) });
  log.info({ address: listening.address, name, fleet }, "node is listening for its coordinator");
  const closers: (() => void)[] = [];
  const coordinator = config.coordinator ?? own.settings.coordinator;
  if (coordinator !== undefined) {
    const client = new CoordinatorClient(coordinator, tlsCredentials(provider, { fleet, kind: "coordinator" }, (serial) => revocations.has(serial)), remoteChannelOptions);
    // What a machine is called because nobody gave it another name may be what others are called too.
    const { machine: hostName } = defaultConfig(environment);
    const aliasesInFleet = [...new Set([machine, ...aliases])].filter((alias) => ![name, hostName].some((one) => one.toLowerCase() === alias.toLowerCase()));
    const known = { machine: name, aliases: aliasesInFleet, address: config.nodeAddress ?? listening.address, version, contract };
    const renew = async (certificateRequest: string): Promise<string> => {
      const call = { deadline: new Date(clock.now().getTime() + callMs), unreachable: "daemon_unavailable" } as const;
      return (await callUnary(client.renewCertificate.bind(client), { certificateRequest }, call)).certificate;
    };
    closers.push(registerWithCoordinator(client, known, { clock, log }), keepCertificate({ dataDir, kind: "node", settings: own.settings, provider, clock, log, renew }), () => client.close());
  }
  return {
    address: listening.address,
    async close() {
      for (const close of closers) close();
      await listening.close();
    },
  };
}
