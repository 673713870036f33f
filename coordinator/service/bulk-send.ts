import { boundedKey } from "../../core/domain/delivery-id.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { validatePrompt } from "../../core/domain/validate-prompt.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { bulkEventToWire, bulkRequestFromWire } from "../../core/wire/bulk.js";
import type { BulkSendRequest, BulkSendResponse } from "../../proto/gen/dispatch/v1/bulk.js";
import type { Coordinator } from "../coordinator.js";
import { runBulk } from "../fanout/run-bulk.js";

const maxTargets = 10_000;

export const bulkSend = (coordinator: Coordinator): StreamHandler<BulkSendRequest, BulkSendResponse> =>
  async function* (wire, call) {
    const request = bulkRequestFromWire(wire);
    boundedKey(request.key);
    validatePrompt(request.prompt, coordinator.maxPromptBytes);
    if (request.targets.length === 0 && !request.select && !request.sessions) {
      throw new DispatchError("invalid_argument", "targets: no target, no selector and no sessions registry was named.", { metadata: { field: "targets" } });
    }
    if (request.targets.length > maxTargets) throw new DispatchError("invalid_argument", `targets: at most ${maxTargets} in one request.`, { metadata: { field: "targets" } });
    for await (const event of runBulk(coordinator, request, call)) yield bulkEventToWire(event);
  };
