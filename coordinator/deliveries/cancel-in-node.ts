import type { Delivery } from "../../core/domain/delivery.js";
import type { Coordinator } from "../coordinator.js";
import type { NodeCall } from "../nodes/node-client.js";
import type { StoredDelivery } from "../store/delivery-store.js";

/** Stops a delivery whose submit key was not pressed yet; its node alone knows. */
export function cancelInNode({ nodes }: Coordinator, { address, delivery }: StoredDelivery, call: NodeCall): Promise<{ delivery: Delivery; cancelled: boolean }> {
  return nodes.forMachine(address.machine).cancel(delivery.key, call);
}
