import { updateToWire } from "../../core/wire/delivery.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { FollowDeliveryRequest, FollowDeliveryResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const followDelivery = (node: Node): StreamHandler<FollowDeliveryRequest, FollowDeliveryResponse> =>
  async function* ({ id }, { signal }) {
    for await (const update of node.follow(id, signal)) yield { update: updateToWire(update) };
  };
