import { addressFromWire } from "../../core/wire/target.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { CoordinatorFollowCaptureRequest, CoordinatorFollowCaptureResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const followCapture = ({ nodes }: Coordinator): StreamHandler<CoordinatorFollowCaptureRequest, CoordinatorFollowCaptureResponse> =>
  async function* ({ target, lines }, { signal, principal }) {
    const address = addressFromWire(target);
    for await (const capture of nodes.forMachine(address.machine).followCapture(address, lines, { signal, principal })) yield { capture };
  };
