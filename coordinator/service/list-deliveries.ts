import { checkedListLimit } from "../../core/domain/list-limit.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { deliveryToWire, kindFilterFromWire, statusFilterFromWire } from "../../core/wire/delivery.js";
import type { CoordinatorListDeliveriesRequest, CoordinatorListDeliveriesResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const listDeliveries = ({ store }: Coordinator): UnaryHandler<CoordinatorListDeliveriesRequest, CoordinatorListDeliveriesResponse> =>
  ({ status, kind, machine, limit }) => Promise.resolve({
    deliveries: store.list({ status: statusFilterFromWire(status), kind: kindFilterFromWire(kind), machine, limit: checkedListLimit(limit) }).map(deliveryToWire),
  });
