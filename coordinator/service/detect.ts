import type { UnaryHandler } from "../../core/transport/handlers.js";
import { addressFromWire, detectedTargetToWire } from "../../core/wire/target.js";
import type { CoordinatorDetectRequest, CoordinatorDetectResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const detect = ({ nodes }: Coordinator): UnaryHandler<CoordinatorDetectRequest, CoordinatorDetectResponse> =>
  async ({ target }, context) => {
    const address = addressFromWire(target);
    return { target: detectedTargetToWire(await nodes.forMachine(address.machine).detect(address, context)) };
  };
