import type { Delivery } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { deliveryToWire } from "../../core/wire/delivery.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { CoordinatorPressKeyRequest, CoordinatorPressKeyResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

/** Presses one key, once: where the node does not answer in the middle, nobody knows, and it is never pressed again. */
export const pressKey = (coordinator: Coordinator): UnaryHandler<CoordinatorPressKeyRequest, CoordinatorPressKeyResponse> =>
  async ({ target, keyName }, context) => {
    const address = addressFromWire(target);
    const node = coordinator.nodes.forNewWork(address.machine);
    const stored = await claimKey(coordinator, { ...address, machine: node.machine }, formatAddress(address), keyName);
    let delivery: Delivery;
    try {
      delivery = await node.pressKey({ deliveryId: stored.id, address, keyName }, context);
    } catch (error) {
      if (!(error instanceof DispatchError)) throw error;
      coordinator.store.replace(unanswered(stored, error, coordinator.clock.now()));
      throw error;
    }
    coordinator.store.replace(delivery);
    return { delivery: deliveryToWire(delivery) };
  };

/** The row stands before the node is asked: whoever looks afterwards finds what was tried. */
async function claimKey({ store, clock }: Coordinator, address: TargetAddress, requestedTarget: string, keyName: string): Promise<Delivery> {
  const id = newDeliveryId();
  const delivery = { ...newDelivery({ id, key: id, machine: address.machine, requestedTarget, kind: "key", text: "", options: deliveryOptions(), now: clock.now() }), keyName: keyName.slice(0, 80) };
  await store.claim({ address, delivery, fingerprint: id, prompt: undefined });
  await store.onDisk();
  return delivery;
}

function unanswered(delivery: Delivery, { reason, message }: DispatchError, now: Date): Delivery {
  const unknown = reason === "no_answer" || reason === "node_unreachable" || reason === "internal";
  return { ...delivery, status: unknown ? "unconfirmed" : "refused", reason, detail: message, updatedAt: now };
}
