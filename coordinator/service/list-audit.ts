import type { UnaryHandler } from "../../core/transport/handlers.js";
import { auditEntryToWire, auditFilterFromWire } from "../../core/wire/audit.js";
import type { CoordinatorListAuditRequest, CoordinatorListAuditResponse } from "../../proto/gen/dispatch/v1/audit.js";
import type { Coordinator } from "../coordinator.js";

/** The coordinator's own log, or that of a machine's node. */
export const listAudit = ({ audit, nodes }: Coordinator): UnaryHandler<CoordinatorListAuditRequest, CoordinatorListAuditResponse> =>
  async (request, context) => {
    const filter = auditFilterFromWire(request.filter);
    const entries = request.machine ? await nodes.forMachine(request.machine).listAudit(filter, context) : audit.list(filter);
    return { entries: entries.map(auditEntryToWire) };
  };
