import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { CoordinatorExecRequest, CoordinatorExecResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const exec = (_coordinator: Coordinator): StreamHandler<CoordinatorExecRequest, CoordinatorExecResponse> =>
  () => {
    throw new DispatchError("internal", "Not built yet.");
  };
