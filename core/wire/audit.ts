import type { AuditEntry as WireEntry, AuditFilter as WireFilter, AuditPosition as WirePosition, AuditVerdict as WireVerdict } from "../../proto/gen/dispatch/v1/audit.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { AuditEntry, AuditFilter, AuditPosition, AuditVerdict } from "../domain/audit.js";

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

/** Throws `invalid_argument` where it is none. */
export function auditPositionFromWire(position: WirePosition | undefined): AuditPosition | undefined {
  if (!position) return undefined;
  if (position.sequence < 1n || !/^[0-9a-f]{64}$/.test(position.hash)) throw new DispatchError("invalid_argument", "noted: it is no position of an audit log; write its number and its hash, as `dispatch audit verify` tells them.", { metadata: { field: "noted" } });
  return { sequence: Number(position.sequence), hash: position.hash };
}

export function auditPositionToWire(position: AuditPosition | undefined): WirePosition | undefined {
  return position && { sequence: BigInt(position.sequence), hash: position.hash };
}
