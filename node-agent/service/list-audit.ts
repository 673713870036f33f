import type { UnaryHandler } from "../../core/transport/handlers.js";
import { auditEntryToWire, auditFilterFromWire } from "../../core/wire/audit.js";
import type { AuditLog } from "../../core/store/audit-log.js";
import type { ListAuditRequest, ListAuditResponse } from "../../proto/gen/dispatch/v1/audit.js";

export const listAudit = (audit: AuditLog): UnaryHandler<ListAuditRequest, ListAuditResponse> =>
  async ({ filter }) => ({ entries: audit.list(auditFilterFromWire(filter)).map(auditEntryToWire) });
