import type { StreamHandler } from "../../core/transport/handlers.js";
import { deliveryToWire } from "../../core/wire/delivery.js";
import type { WatchDeliveriesRequest, WatchDeliveriesResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const watchDeliveries = ({ feed }: Coordinator): StreamHandler<WatchDeliveriesRequest, WatchDeliveriesResponse> =>
  async function* (_request, { signal }) {
    for await (const delivery of feed.all(signal)) yield { delivery: deliveryToWire(delivery) };
  };
