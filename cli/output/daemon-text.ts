import type { DaemonStatus } from "../../sdk/daemon/index.js";
import { coordinatorText } from "./coordinator-text.js";

export function daemonText(status: DaemonStatus): string {
  if (!status.running) return `The background process does not run (${status.dataDir}).\n`;
  const health = status.healthy ? "healthy" : `not healthy: ${status.detail}`;
  return `${status.coordinator ? coordinatorText(status.coordinator) : ""}${health}\nlog ${status.log}\n`;
}
