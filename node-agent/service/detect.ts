import { addressFromWire, detectedTargetToWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { DetectRequest, DetectResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const detect = (node: Node): UnaryHandler<DetectRequest, DetectResponse> =>
  async ({ target }) => ({ target: detectedTargetToWire(await node.detect(addressFromWire(target))) });
