import type { DetectedTarget } from "../../core/domain/detection.js";
import { elapsed } from "./elapsed.js";
import { table } from "./table.js";

/** A line per pane. The server is named only where there is more than one. */
export function targetTable(found: readonly DetectedTarget[], now: Date): string {
  if (found.length === 0) return "No panes.\n";
  const severalServers = new Set(found.map(({ target }) => target.server)).size > 1;
  const header = ["TARGET", "PANE", "KIND", "STATE", "SINCE", "FOLDER", ...(severalServers ? ["SERVER"] : []), "DOING"];
  return table(header, found.map(({ target, detection }) => [
    `${target.machine}/${target.target}`, target.paneId, kindOf(detection), detection.state, elapsed(detection.since, now), detection.cwd,
    ...(severalServers ? [target.server] : []), doing(detection),
  ]));
}

function kindOf({ targetKind, agentKind, agentVersion, paneCommand }: DetectedTarget["detection"]): string {
  return targetKind === "agent" ? `${agentKind} ${agentVersion}`.trimEnd() : paneCommand || agentKind;
}

/** What a person must do comes before what the agent does. */
function doing({ actionNeeded, activity }: DetectedTarget["detection"]): string {
  return actionNeeded === "" ? activity : `needs somebody: ${actionNeeded}`;
}

/** Everything that is known of one pane. */
export function targetDetails({ target, detection }: DetectedTarget): string {
  const lines = [
    `${target.machine}/${target.target}  (${target.paneId} of ${target.server}, window ${target.window}, ${target.width}x${target.height})`,
    `  ${detection.targetKind}: ${kindOf({ ...detection })}, ${detection.state}${doing(detection) ? `: ${doing(detection)}` : ""}`,
    `  ${detection.reason}`,
    `  folder ${detection.cwd}${detection.sessionId ? `, session ${detection.sessionId}` : ""}${detection.agentPid ? `, pid ${detection.agentPid}` : ""}`,
    `  takes a prompt: ${detection.canReceivePrompt ? "yes" : "no"}; can queue: ${detection.canQueuePrompt ? "yes" : "no"}`,
    ...detection.evidence.map(({ source, detail }) => `  ${source.padEnd(8)} ${detail}`),
  ];
  return `${lines.join("\n")}\n`;
}
