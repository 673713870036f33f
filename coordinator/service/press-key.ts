import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { CoordinatorPressKeyRequest, CoordinatorPressKeyResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const pressKey = (_coordinator: Coordinator): UnaryHandler<CoordinatorPressKeyRequest, CoordinatorPressKeyResponse> =>
  () => {
    throw new DispatchError("internal", "Not built yet.");
  };
