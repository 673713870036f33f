import type { AuditLog } from "../../core/store/audit-log.js";
import type { Config } from "../../core/config/config.js";
import type { Log } from "../../core/log.js";
import { loadIdentity } from "../../core/pki/identity-store.js";
import { tailnetPort } from "../../core/tailscale/tailnet-address.js";
import type { Listening } from "../../core/transport/grpc-server.js";
import type { Node } from "../node.js";
import { openMtls } from "./open-mtls.js";
import { openTailnet } from "./open-tailnet.js";

/** Takes calls of the fleet's coordinator where that was asked for. Undefined where it was not asked for. */
export async function openNetwork(config: Config, node: Node, audit: AuditLog, log: Log): Promise<Listening | undefined> {
  const own = loadIdentity(config.dataDir, "node");
  const listen = config.nodeListen ?? own?.settings.listen;
  if (listen === undefined) return undefined;
  const port = tailnetPort(listen);
  return port === undefined ? openMtls(config, { listen, own }, node, audit, log) : openTailnet(config, port, node, audit, log);
}
