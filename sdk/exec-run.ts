import type { Delivery, DeliveryUpdate } from "../core/domain/delivery.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { callStream, type CallSettings } from "../core/transport/calls.js";
import { updateFromWire } from "../core/wire/delivery.js";
import type { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";
import type { CoordinatorExecRequest } from "../proto/gen/dispatch/v1/coordinator.js";
import { Run } from "./run.js";

/** A reviewed command under way: a promise of its delivery, and an iterable of its steps. Aborting stops listening, not the command. */
export class ExecRun extends Run<DeliveryUpdate, Delivery> {
  constructor(client: CoordinatorClient, request: CoordinatorExecRequest, settings: CallSettings) {
    super();
    this.begin(async () => {
      let last: DeliveryUpdate | undefined;
      for await (const { update } of callStream(client.exec.bind(client), request, settings)) {
        if (!update) continue;
        last = updateFromWire(update);
        this.tell(last);
      }
      if (last?.delivery) return last.delivery;
      const id = last?.deliveryId;
      throw new DispatchError("interrupted", `The command goes on in its pane; look it up with \`dispatch ${id ? `show ${id}` : "list --kind exec"}\`.`, { metadata: { ...(id && { id }) } });
    });
  }
}
