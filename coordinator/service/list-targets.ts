import type { UnaryHandler } from "../../core/transport/handlers.js";
import { detectedTargetToWire } from "../../core/wire/target.js";
import type { CoordinatorListTargetsRequest, CoordinatorListTargetsResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const listTargets = ({ nodes }: Coordinator): UnaryHandler<CoordinatorListTargetsRequest, CoordinatorListTargetsResponse> =>
  async ({ machine, server }, context) => {
    const asked = machine ? [nodes.forMachine(machine)] : nodes.all();
    const found = await Promise.all(asked.map((node) => node.listTargets(server, context)));
    return { targets: found.flat().map(detectedTargetToWire) };
  };
