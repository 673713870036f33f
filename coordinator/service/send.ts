import { boundedKey } from "../../core/domain/delivery-id.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { updateToWire } from "../../core/wire/delivery.js";
import { deliveryOptionsFromWire } from "../../core/wire/delivery-options.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { SendRequest, SendResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { beginDelivery } from "../deliveries/begin-delivery.js";

export const send = (coordinator: Coordinator): StreamHandler<SendRequest, SendResponse> =>
  async function* ({ key, target, prompt, options: asked }, { signal, principal }) {
    const options = deliveryOptionsFromWire(asked);
    const id = await beginDelivery(coordinator, { key: boundedKey(key), target: addressFromWire(target), prompt, options, principal });
    for await (const update of coordinator.feed.follow(id, options.waitFor, signal)) yield { update: updateToWire(update) };
  };
