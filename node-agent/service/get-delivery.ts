import { deliveryToWire } from "../../core/wire/delivery.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { GetDeliveryRequest, GetDeliveryResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const getDelivery = (node: Node): UnaryHandler<GetDeliveryRequest, GetDeliveryResponse> =>
  async ({ id }) => ({ delivery: deliveryToWire(await node.getDelivery(id)) });
