import type { UnaryHandler } from "../../core/transport/handlers.js";
import { detectedTargetToWire } from "../../core/wire/target.js";
import type { CoordinatorListTargetsRequest, CoordinatorListTargetsResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { askAll } from "../nodes/ask-all.js";

export const listTargets = ({ nodes, clock }: Coordinator): UnaryHandler<CoordinatorListTargetsRequest, CoordinatorListTargetsResponse> =>
  async ({ machine, server }, context) => {
    const asked = machine ? nodes.matching(machine) : nodes.all();
    const { answers, unanswered } = await askAll(asked, clock, context, (node, call) => node.listTargets(server, call));
    return { targets: answers.flat().map(detectedTargetToWire), unanswered: [...unanswered] };
  };
