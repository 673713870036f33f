import type { FleetNode } from "../../core/domain/fleet.js";

/** A machine of the fleet as `dispatch nodes --json` prints it. */
export function nodeJson({ latencyMs, since, ...node }: FleetNode): Record<string, unknown> {
  return { ...node, latencyMs: latencyMs ?? null, since: since?.toISOString() ?? null };
}
