import type { UnaryHandler } from "../../core/transport/handlers.js";
import { auditPositionFromWire, auditVerdictToWire } from "../../core/wire/audit.js";
import type { AuditLog } from "../../core/store/audit-log.js";
import type { VerifyAuditRequest, VerifyAuditResponse } from "../../proto/gen/dispatch/v1/audit.js";

export const verifyAudit = (audit: AuditLog): UnaryHandler<VerifyAuditRequest, VerifyAuditResponse> =>
  async ({ noted }) => ({ verdict: auditVerdictToWire(audit.verify(auditPositionFromWire(noted))) });
