import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { RemoveNodeRequest, RemoveNodeResponse } from "../../proto/gen/dispatch/v1/fleet.js";
import type { Coordinator } from "../coordinator.js";

export const removeNode = ({ nodes }: Coordinator): UnaryHandler<RemoveNodeRequest, RemoveNodeResponse> =>
  async ({ machine }) => {
    nodes.remove(machine);
    return {};
  };
