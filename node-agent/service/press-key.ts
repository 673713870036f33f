import { givenDeliveryId } from "../../core/domain/delivery-id.js";
import { deliveryToWire } from "../../core/wire/delivery.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { PressKeyRequest, PressKeyResponse } from "../../proto/gen/dispatch/v1/key.js";
import type { Node } from "../node.js";

export const pressKey = (node: Node): UnaryHandler<PressKeyRequest, PressKeyResponse> =>
  async ({ deliveryId, target, keyName }) => ({ delivery: deliveryToWire(await node.pressKey({ deliveryId: givenDeliveryId(deliveryId), address: addressFromWire(target), keyName })) });
