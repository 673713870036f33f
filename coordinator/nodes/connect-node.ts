import { credentials } from "@grpc/grpc-js";
import type { Clock } from "../../core/clock.js";
import { socketFolder } from "../../core/config/state-folder.js";
import type { NodeSource } from "../../core/domain/fleet.js";
import type { Log } from "../../core/log.js";
import type { Network } from "../network/network.js";
import { NodeClient } from "./node-client.js";
import type { NodeEntry } from "./node-directory.js";
import { SshBridge } from "./ssh-bridge.js";

export interface ConnectParts {
  readonly dataDir: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
}

/** The client of a node on another machine, by the way that its address and source name. */
export function connectNode({ machine, address }: NodeEntry, source: NodeSource, { dataDir, network, clock, log }: ConnectParts): NodeClient {
  if (address.startsWith("ssh://")) {
    const via = SshBridge.open(address, { folder: socketFolder(dataDir), clock, log });
    return new NodeClient(machine, via.address, { credentials: credentials.createInsecure(), clock, via });
  }
  // On the tailnet WireGuard encrypts.
  if (source === "tailnet") return new NodeClient(machine, address, { credentials: credentials.createInsecure(), clock });
  return new NodeClient(machine, address, { ...network.wayTo(machine, address), clock });
}
