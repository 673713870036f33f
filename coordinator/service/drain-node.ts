import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { DrainNodeRequest, DrainNodeResponse } from "../../proto/gen/dispatch/v1/fleet.js";
import type { Coordinator } from "../coordinator.js";

export const drainNode = ({ nodes, store }: Coordinator): UnaryHandler<DrainNodeRequest, DrainNodeResponse> =>
  async ({ machine, drain }) => {
    const node = nodes.setDraining(machine, drain);
    return { openDeliveries: store.unfinished().filter(({ address }) => nodes.find(address.machine) === node).length };
  };
