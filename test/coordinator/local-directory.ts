import type { NodeClient } from "../../coordinator/nodes/node-client.js";
import { NodeDirectory } from "../../coordinator/nodes/node-directory.js";
import type { NodeStore, StoredNode } from "../../coordinator/store/node-store.js";

/** A directory of one machine, its own. */
export function localDirectory(client: NodeClient): NodeDirectory {
  return new NodeDirectory({
    local: { machine: client.machine, aliases: [], address: client.address, source: "local", client },
    store: memoryNodeStore(), configured: [], hasLocal: () => true, connect: () => client,
  });
}

export function memoryNodeStore(): NodeStore {
  const [nodes, draining] = [new Map<string, StoredNode>(), new Set<string>()];
  return {
    register: (node) => void nodes.set(node.machine.toLowerCase(), node),
    registered: () => [...nodes.values()],
    remove: (machine) => nodes.delete(machine.toLowerCase()),
    draining: () => new Set(draining),
    setDraining: (machine, drain) => void (drain ? draining.add(machine.toLowerCase()) : draining.delete(machine.toLowerCase())),
    close: () => undefined,
  };
}
