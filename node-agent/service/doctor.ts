import { findingToWire } from "../../core/wire/node.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { DoctorRequest, DoctorResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const doctor = (node: Node): UnaryHandler<DoctorRequest, DoctorResponse> =>
  async () => ({ findings: (await node.doctor()).map(findingToWire) });
