import type { UnaryHandler } from "../../core/transport/handlers.js";
import { auditPositionFromWire, auditVerdictToWire } from "../../core/wire/audit.js";
import type { CoordinatorVerifyAuditRequest, CoordinatorVerifyAuditResponse } from "../../proto/gen/dispatch/v1/audit.js";
import type { Coordinator } from "../coordinator.js";

export const verifyAudit = ({ audit, nodes }: Coordinator): UnaryHandler<CoordinatorVerifyAuditRequest, CoordinatorVerifyAuditResponse> =>
  async ({ machine, noted: told }, context) => {
    const noted = auditPositionFromWire(told);
    return { verdict: auditVerdictToWire(machine ? await nodes.forMachine(machine).verifyAudit(noted, context) : audit.verify(noted)) };
  };
