import type { Finding } from "../../core/domain/finding.js";
import type { FleetNode } from "../../core/domain/fleet.js";
import { version } from "../../core/version.js";
import type { Coordinator } from "../coordinator.js";
import { describeFleet } from "./describe-fleet.js";

const dayMs = 24 * 60 * 60 * 1000;
/** Certificates are renewed after 20 of their 30 days: one that has so little left was not. */
const renewalIsLateMs = 5 * dayMs;

/** Whether each machine answers, whether versions fit, and whether certificates and tailnet hold. */
export async function examineFleet({ nodes, enrolment, tailnetFailure, clock }: Coordinator, signal: AbortSignal): Promise<{ findings: Finding[]; reachable: ReadonlySet<string> }> {
  const fleet = await describeFleet({ nodes, clock }, signal, { countAgents: false });
  const findings = fleet.map(machineFinding);
  const now = clock.now().getTime();
  for (const { kind, name, expiresAt, revokedAt } of enrolment.latest()) {
    const leftMs = expiresAt.getTime() - now;
    if (kind === "joiner" || revokedAt || leftMs > renewalIsLateMs) continue;
    const isOver = leftMs <= 0;
    findings.push({
      severity: isOver ? "error" : "warning", subject: `certificate of ${kind}:${name}`, detail: `${isOver ? "It has expired" : "It expires"} on ${expiresAt.toISOString()}.`,
      hint: isOver ? "Let it join again, or forget it with `dispatch nodes remove`." : "It renews itself while its machine reaches the coordinator: is it switched off?",
    });
  }
  if (tailnetFailure() !== "") findings.push({ severity: "error", subject: "tailnet", detail: tailnetFailure(), hint: "See `tailscale status`." });
  return { findings, reachable: new Set(fleet.filter(({ reachable }) => reachable).map(({ machine }) => machine)) };
}

function machineFinding({ machine, reachable, detail, address, transport, latencyMs, version: theirs, draining }: FleetNode): Finding {
  const subject = `machine ${machine}`;
  if (!reachable) return { severity: "error", subject, detail, hint: `Is it switched on, and does its node run (\`dispatch up\`)? It is reached at ${address} (${transport}).` };
  const told = `It answers at ${address} (${transport}) in ${latencyMs ?? 0} ms.`;
  if (detail !== "") return { severity: "error", subject, detail, hint: "Bring its configuration or its version in line." };
  if (theirs !== version) return { severity: "warning", subject, detail: `${told} It is of version ${theirs}, this coordinator of ${version}.`, hint: "Update the older one." };
  return { severity: draining ? "warning" : "ok", subject, detail: draining ? `${told} It is being drained.` : told, hint: draining ? "`dispatch nodes drain --off` lets it take deliveries again." : "" };
}
