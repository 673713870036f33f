import { givenDeliveryId } from "../../core/domain/delivery-id.js";
import { validatePrompt } from "../../core/domain/validate-prompt.js";
import { updateToWire } from "../../core/wire/delivery.js";
import { deliveryOptionsFromWire } from "../../core/wire/delivery-options.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { DeliverRequest, DeliverResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const deliver = (node: Node, maxPromptBytes: number): StreamHandler<DeliverRequest, DeliverResponse> =>
  async function* (request, { signal }) {
    validatePrompt(request.prompt, maxPromptBytes);
    const deliveryId = givenDeliveryId(request.deliveryId);
    const updates = node.deliver({
      deliveryId,
      key: request.key || deliveryId,
      address: addressFromWire(request.target),
      prompt: request.prompt,
      options: deliveryOptionsFromWire(request.options),
    }, signal);
    for await (const update of updates) yield { update: updateToWire(update) };
  };
