import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { deliveryToWire } from "../../core/wire/delivery.js";
import type { CoordinatorCancelDeliveryRequest, CoordinatorCancelDeliveryResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { cancelInNode } from "../deliveries/cancel-in-node.js";

export const cancelDelivery = (coordinator: Coordinator): UnaryHandler<CoordinatorCancelDeliveryRequest, CoordinatorCancelDeliveryResponse> =>
  async ({ id }, context) => {
    const stored = coordinator.store.find(id);
    if (!stored) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: id } });
    const { delivery, cancelled } = await cancelInNode(coordinator, stored, context);
    return { delivery: deliveryToWire(delivery), cancelled };
  };
