import { heartbeatAgeMs, heartbeatStaleMs } from "../json/daemon-json.js";
import type { DaemonStatus } from "./daemon-control.js";

/** What keeps schedules from running, or has made them fail: a sentence each. Holds no prompt. */
export function daemonFindings(status: DaemonStatus): string[] {
  const { coordinator } = status;
  if (!status.running) return ["The background process does not run: nothing that is scheduled fires. Start it with `dispatch daemon start`."];
  if (!coordinator) return [`The background process does not answer: ${status.detail}`];
  const { scheduler, nodes } = coordinator;
  const findings = nodes.filter(({ healthy }) => !healthy).map(({ machine, detail }) => `The node of ${machine} does not answer: ${detail}`);
  if (!scheduler) return findings;
  const scheduled = scheduler.schedules["scheduled"] ?? 0;
  const ageMs = heartbeatAgeMs(status);
  if (ageMs !== null && ageMs > heartbeatStaleMs) findings.push(`Due slots were last looked for ${Math.round(ageMs / 1000)} s ago: ${scheduled} scheduled items cannot fire. See ${status.log}.`);
  if (scheduler.lastTickError) findings.push(`Due slots cannot be looked for: ${scheduler.lastTickError}`);
  for (const { id, spec, lastFailureAt, lastFailureReason, consecutiveFailures } of scheduler.recentFailures) {
    findings.push(`${spec.name || id} failed ${lastFailureAt?.toISOString() ?? ""} (${consecutiveFailures} in a row): ${lastFailureReason}`);
  }
  return findings;
}
