import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { deliveryToWire } from "../../core/wire/delivery.js";
import type { CoordinatorGetDeliveryRequest, CoordinatorGetDeliveryResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const getDelivery = ({ store, runner }: Coordinator): UnaryHandler<CoordinatorGetDeliveryRequest, CoordinatorGetDeliveryResponse> =>
  async ({ id }) => {
    const stored = store.find(id);
    if (!stored) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: id } });
    return { delivery: deliveryToWire(await runner.settled(stored)) };
  };
