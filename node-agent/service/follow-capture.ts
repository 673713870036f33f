import { addressFromWire } from "../../core/wire/target.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { FollowCaptureRequest, FollowCaptureResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const followCapture = (node: Node): StreamHandler<FollowCaptureRequest, FollowCaptureResponse> =>
  async function* ({ target, lines }, { signal }) {
    yield* node.followCapture(addressFromWire(target), lines, signal);
  };
