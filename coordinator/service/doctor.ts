import type { Finding } from "../../core/domain/finding.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { findingToWire } from "../../core/wire/node.js";
import type { CoordinatorDoctorRequest, CoordinatorDoctorResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const doctor = ({ nodes }: Coordinator): UnaryHandler<CoordinatorDoctorRequest, CoordinatorDoctorResponse> =>
  async (_request, context) => {
    const findings = await Promise.all(nodes.all().map(async (node): Promise<Finding[]> => {
      try {
        return await node.doctor(context);
      } catch (error) {
        return [{ severity: "error", subject: `node of ${node.machine}`, detail: (error as Error).message, hint: "See the log in the state folder." }];
      }
    }));
    return { findings: findings.flat().map(findingToWire) };
  };
