import type { Coordinator } from "../coordinator.js";
import type { NodeCall } from "../nodes/node-client.js";
import { cancelInNode } from "./cancel-in-node.js";

/** Cancels those deliveries whose key was not pressed yet. A node that does not answer, or is too late, keeps its own. */
export async function stopUntyped(coordinator: Coordinator, ids: readonly string[], call: NodeCall): Promise<void> {
  const running = ids.map((id) => coordinator.store.find(id)).filter((stored) => stored !== undefined).filter(({ delivery }) => delivery.status === "pending");
  await Promise.allSettled(running.map((stored) => cancelInNode(coordinator, stored, call)));
}
