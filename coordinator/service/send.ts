import type { DeliveryOptions } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { validatePrompt } from "../../core/domain/validate-prompt.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { updateToWire } from "../../core/wire/delivery.js";
import { deliveryOptionsFromWire } from "../../core/wire/delivery-options.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { SendRequest, SendResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { fingerprintOf } from "../deliveries/fingerprint.js";
import type { StoredDelivery } from "../store/delivery-store.js";

/** Stores the delivery before its node is called. The same key again joins the running one or replays it. */
export const send = (coordinator: Coordinator): StreamHandler<SendRequest, SendResponse> =>
  async function* (request, { signal }) {
    const options = deliveryOptionsFromWire(request.options);
    const stored = storedDelivery(coordinator, request, options);
    const holder = coordinator.store.claim(stored);
    if (holder && holder.fingerprint !== stored.fingerprint) {
      throw new DispatchError("key_conflict", undefined, { metadata: { field: "key", value: request.key, delivery: holder.delivery.id } });
    }
    if (!holder) coordinator.runner.start(stored);
    else await coordinator.runner.settled(holder);
    const { id } = (holder ?? stored).delivery;
    for await (const update of coordinator.feed.follow(id, options.waitFor, signal)) yield { update: updateToWire(update) };
  };

function storedDelivery(coordinator: Coordinator, request: SendRequest, options: DeliveryOptions): StoredDelivery {
  validatePrompt(request.prompt, coordinator.maxPromptBytes);
  const named = addressFromWire(request.target);
  const { machine } = coordinator.nodes.forMachine(named.machine);
  const address = { ...named, machine };
  const id = newDeliveryId();
  // A dry run claims no key: the same key may then be used for the real thing.
  const key = (!options.dryRun && request.key) || id;
  const delivery = newDelivery({ id, key, machine, requestedTarget: formatAddress(named), kind: "prompt", text: request.prompt, options, now: coordinator.clock.now() });
  return {
    address,
    fingerprint: fingerprintOf(address, delivery.promptSha256, options),
    prompt: request.prompt,
    delivery,
  };
}
