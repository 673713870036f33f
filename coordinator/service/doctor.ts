import type { Finding } from "../../core/domain/finding.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { findingToWire } from "../../core/wire/node.js";
import type { CoordinatorDoctorRequest, CoordinatorDoctorResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { examineFleet } from "../nodes/examine-fleet.js";
import type { NodeClient } from "../nodes/node-client.js";

export const doctor = (coordinator: Coordinator): UnaryHandler<CoordinatorDoctorRequest, CoordinatorDoctorResponse> =>
  async ({ fleet }, context) => {
    const { nodes } = coordinator;
    const examine = async (node: NodeClient): Promise<Finding[]> => {
      try {
        const findings = await node.doctor(context);
        return fleet ? findings.map((finding) => ({ ...finding, subject: `${node.machine}: ${finding.subject}` })) : findings;
      } catch (error) {
        return [{ severity: "error", subject: `node of ${node.machine}`, detail: (error as Error).message, hint: "See the log in the state folder." }];
      }
    };
    if (!fleet) return { findings: (await Promise.all(nodes.own().map(examine))).flat().map(findingToWire) };
    const connections = await examineFleet(coordinator, context.signal);
    const answering = nodes.known().filter(({ machine }) => connections.reachable.has(machine));
    const findings = await Promise.all(answering.map(({ client }) => examine(client)));
    return { findings: [...connections.findings, ...findings.flat()].map(findingToWire) };
  };
