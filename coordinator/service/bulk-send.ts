import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { BulkSendRequest, BulkSendResponse } from "../../proto/gen/dispatch/v1/bulk.js";
import type { Coordinator } from "../coordinator.js";

export const bulkSend = (_coordinator: Coordinator): StreamHandler<BulkSendRequest, BulkSendResponse> =>
  () => {
    throw new DispatchError("internal", "Not built yet.");
  };
