import { deliveryJson } from "./delivery-json.js";
import { targetJson } from "./target-json.js";
import type { FleetSummary } from "../triage/fleet-summary.js";
import type { Recovery } from "../triage/recover.js";
import type { Triage } from "../triage/triage.js";

export function triageJson({ schemaVersion, status, action, excerpt, ...found }: Triage): Record<string, unknown> {
  return { schemaVersion, status, action, ...targetJson(found), ...(excerpt && { excerpt: excerpt.text, truncatedChars: excerpt.truncatedChars }) };
}

export function recoveryJson({ triage, delivery, ...rest }: Recovery): Record<string, unknown> {
  return { ...rest, triage: triageJson(triage), delivery: delivery ? deliveryJson(delivery) : null };
}

export function fleetSummaryJson({ panes, ...rest }: FleetSummary): Record<string, unknown> {
  return { ...rest, panes: panes.map(({ target, detection, ...pane }) => ({ ...targetJson({ target, detection }), ...pane })) };
}
