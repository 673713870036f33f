import type { UnaryHandler } from "../../core/transport/handlers.js";
import { fleetNodeToWire } from "../../core/wire/fleet.js";
import type { ListNodesRequest, ListNodesResponse } from "../../proto/gen/dispatch/v1/fleet.js";
import type { Coordinator } from "../coordinator.js";
import { describeFleet } from "../nodes/describe-fleet.js";

export const listNodes = (coordinator: Coordinator): UnaryHandler<ListNodesRequest, ListNodesResponse> =>
  async ({ countAgents }, { signal }) => ({ nodes: (await describeFleet(coordinator, signal, { countAgents })).map(fleetNodeToWire) });
