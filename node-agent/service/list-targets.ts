import { detectedTargetToWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { ListTargetsRequest, ListTargetsResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const listTargets = (node: Node): UnaryHandler<ListTargetsRequest, ListTargetsResponse> =>
  async ({ server }) => ({ targets: (await node.listTargets(server)).map(detectedTargetToWire) });
