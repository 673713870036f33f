import { mayObserve } from "../../core/access/may-observe.js";
import type { SubjectGrant } from "../../core/access/decide.js";
import { detectedTargetToWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { ListTargetsRequest, ListTargetsResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const listTargets = (node: Node, grants: readonly SubjectGrant[]): UnaryHandler<ListTargetsRequest, ListTargetsResponse> =>
  async ({ server }, { principal }) => ({ targets: (await node.listTargets(server)).filter((target) => mayObserve(principal, target, grants)).map(detectedTargetToWire) });
