import { checkedCaptureLines } from "../../core/domain/captured.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { capturedToWire } from "../../core/wire/node.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { CoordinatorCaptureRequest, CoordinatorCaptureResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const capture = ({ nodes }: Coordinator): UnaryHandler<CoordinatorCaptureRequest, CoordinatorCaptureResponse> =>
  async ({ target, lines }, context) => {
    const address = addressFromWire(target);
    return { capture: capturedToWire(await nodes.forMachine(address.machine).capture(address, checkedCaptureLines(lines), context)) };
  };
