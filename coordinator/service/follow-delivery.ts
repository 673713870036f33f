import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { updateToWire } from "../../core/wire/delivery.js";
import { waitFor as waitForCodec } from "../../core/wire/delivery-options.js";
import type { CoordinatorFollowDeliveryRequest, CoordinatorFollowDeliveryResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const followDelivery = ({ store, feed, runner }: Coordinator): StreamHandler<CoordinatorFollowDeliveryRequest, CoordinatorFollowDeliveryResponse> =>
  async function* ({ id, waitFor }, { signal }) {
    const stored = store.find(id);
    if (!stored) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: id } });
    await runner.settled(stored);
    for await (const update of feed.follow(stored.delivery.id, waitForCodec.fromWire(waitFor), signal)) yield { update: updateToWire(update) };
  };
