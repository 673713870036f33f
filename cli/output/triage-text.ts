import { fleetPaneStates, type FleetSummary } from "../../sdk/triage/fleet-summary.js";
import type { Triage } from "../../sdk/triage/triage.js";
import { table } from "./table.js";

export function triageText({ target, detection, action, excerpt }: Triage): string {
  const lines = [
    `${target.machine}/${target.target}  ${detection.agentKind}, ${detection.state}${detection.activity ? `: ${detection.activity}` : ""}`,
    `  ${action.kind}: ${action.reason}`,
    ...(action.kind === "refuse" ? [`  ${action.advice}`] : []),
    ...(excerpt?.text ? excerpt.text.split("\n").map((line) => `  | ${line}`) : []),
  ];
  return `${lines.join("\n")}\n`;
}

export function fleetText({ matched, counts, panes }: FleetSummary): string {
  const states = fleetPaneStates.map((state) => `${counts[state]} ${state}`).join(", ");
  const head = `${matched} panes: ${states}\n`;
  if (panes.length === 0) return head;
  const rows = panes.map(({ target, detection, state, uncertainty, action }) => [
    state, uncertainty === "low" ? "" : `${uncertainty} uncertainty`, `${target.machine}/${target.target}`, target.paneId, detection.agentKind, `${action.kind}: ${action.reason}`,
  ]);
  const more = matched > panes.length ? `${matched - panes.length} more; --limit shows them.\n` : "";
  return `${head}${table(["STATE", "", "TARGET", "PANE", "KIND", "WHAT"], rows)}${more}`;
}
