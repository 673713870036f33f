import type { Delivery } from "../../core/domain/delivery.js";
import type { Coordinator } from "../coordinator.js";
import type { NodeCall } from "../nodes/node-client.js";
import type { StoredDelivery } from "../store/delivery-store.js";

/** Stops a delivery whose submit key was not pressed yet; once its node has it, the node alone knows. */
export async function cancelInNode({ nodes, runner, store }: Coordinator, stored: StoredDelivery, call: NodeCall): Promise<{ delivery: Delivery; cancelled: boolean }> {
  const { address, delivery } = stored;
  if (runner.cancelWaiting(delivery.id)) return { delivery: store.find(delivery.id)?.delivery ?? delivery, cancelled: true };
  return nodes.forMachine(address.machine).cancel(delivery.key, call);
}
