import type { AuditEntry, AuditPosition, AuditVerdict } from "../core/domain/audit.js";
import type { Role } from "../core/domain/principal.js";
import type { TargetAddress } from "../core/domain/target.js";
import { auditEntryFromWire, auditPositionToWire, auditVerdictFromWire } from "../core/wire/audit.js";
import type { FleetParts } from "./fleet-client.js";

interface Call {
  readonly signal?: AbortSignal | undefined;
}

export interface AccessDecision {
  /** `coordinator`, or `node of spark01`. */
  readonly by: string;
  readonly allowed: boolean;
  readonly why: string;
}

/** Who may do what, and who did: `DispatchClient.access`. For admins. */
export class AccessClient {
  readonly #parts: FleetParts;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** What would be decided about a caller such as `client:alice`; the last decision counts. Nothing is done. */
  async explain(subject: string, role: Role, target: TargetAddress | undefined, call: Call = {}): Promise<AccessDecision[]> {
    const { client, ask } = this.#parts;
    return (await ask(client.explain.bind(client), { subject, role, target }, call)).decisions;
  }

  /** Newest first; of the coordinator, or of a machine's node. */
  async audit({ subject = "", deniedOnly = false, limit = 0, machine = "", ...call }: { subject?: string; deniedOnly?: boolean; limit?: number; machine?: string } & Call = {}): Promise<AuditEntry[]> {
    const { client, ask } = this.#parts;
    return (await ask(client.listAudit.bind(client), { filter: { subject, deniedOnly, limit }, machine }, call)).entries.map(auditEntryFromWire);
  }

  /** `noted`: a position that was told earlier and kept elsewhere; it must still be in the log. */
  async verifyAudit({ machine = "", noted, ...call }: { machine?: string; noted?: AuditPosition | undefined } & Call = {}): Promise<AuditVerdict> {
    const { client, ask } = this.#parts;
    return auditVerdictFromWire((await ask(client.verifyAudit.bind(client), { machine, noted: auditPositionToWire(noted) }, call)).verdict);
  }
}
