import type { DaemonStatus } from "../../sdk/daemon/index.js";
import { coordinatorText } from "./coordinator-text.js";

/** Flat: pid and health are what is asked for. */
export function daemonJson({ coordinator, ...status }: DaemonStatus): object {
  return {
    ...status,
    pid: coordinator?.pid ?? null,
    version: coordinator?.version ?? null,
    startedAt: coordinator?.startedAt ?? null,
    rssBytes: coordinator?.rssBytes ?? null,
    deliveries: coordinator?.deliveries ?? null,
    nodes: coordinator?.nodes ?? null,
  };
}

export function daemonText(status: DaemonStatus): string {
  if (!status.running) return `The background process does not run (${status.dataDir}).\n`;
  const health = status.healthy ? "healthy" : `not healthy: ${status.detail}`;
  return `${status.coordinator ? coordinatorText(status.coordinator) : ""}${health}\nlog ${status.log}\n`;
}
