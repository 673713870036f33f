import type { AuditEntry as WireEntry, AuditFilter as WireFilter, AuditVerdict as WireVerdict } from "../../proto/gen/dispatch/v1/audit.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { AuditEntry, AuditFilter, AuditVerdict } from "../domain/audit.js";

const [usualLimit, maxLimit] = [50, 1_000];

export function auditFilterFromWire(filter: WireFilter | undefined): AuditFilter {
  return { subject: filter?.subject ?? "", deniedOnly: filter?.deniedOnly ?? false, limit: Math.min(filter?.limit || usualLimit, maxLimit) };
}

export function auditEntryToWire(entry: AuditEntry): WireEntry {
  return { ...entry, sequence: BigInt(entry.sequence) };
}

export function auditEntryFromWire(entry: WireEntry): AuditEntry {
  return { ...entry, sequence: Number(entry.sequence), at: entry.at ?? new Date(0) };
}

export function auditVerdictToWire({ entries, brokenAt, lastHash }: AuditVerdict): WireVerdict {
  return { entries: BigInt(entries), brokenAt: BigInt(brokenAt), lastHash };
}

export function auditVerdictFromWire(verdict: WireVerdict | undefined): AuditVerdict {
  if (!verdict) throw new DispatchError("internal", "An answer has no verdict.");
  return { entries: Number(verdict.entries), brokenAt: Number(verdict.brokenAt), lastHash: verdict.lastHash };
}
