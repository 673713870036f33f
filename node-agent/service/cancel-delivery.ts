import { deliveryToWire } from "../../core/wire/delivery.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { CancelDeliveryRequest, CancelDeliveryResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const cancelDelivery = (node: Node): UnaryHandler<CancelDeliveryRequest, CancelDeliveryResponse> =>
  async ({ id }) => {
    const { delivery, cancelled } = await node.cancel(id);
    return { delivery: deliveryToWire(delivery), cancelled };
  };
