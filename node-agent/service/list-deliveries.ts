import { checkedListLimit } from "../../core/domain/list-limit.js";
import { deliveryToWire, statusFilterFromWire } from "../../core/wire/delivery.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { ListDeliveriesRequest, ListDeliveriesResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const listDeliveries = (node: Node): UnaryHandler<ListDeliveriesRequest, ListDeliveriesResponse> =>
  async ({ status, limit }) => {
    const deliveries = await node.listDeliveries({ status: statusFilterFromWire(status), limit: checkedListLimit(limit) });
    return { deliveries: deliveries.map(deliveryToWire) };
  };
