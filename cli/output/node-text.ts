import type { FleetNode } from "../../core/domain/fleet.js";
import { elapsed } from "./elapsed.js";
import { table } from "./table.js";

/** A line per machine. */
export function nodeTable(nodes: readonly FleetNode[], now: Date): string {
  if (nodes.length === 0) return "No machines.\n";
  const header = ["MACHINE", "ADDRESS", "VIA", "VERSION", "STATE", "SINCE", "LATENCY", "AGENTS"];
  return table(header, nodes.map((node) => [
    [node.machine, ...node.aliases].join(", "), node.address, node.transport, node.version || "-", stateOf(node), node.since ? elapsed(node.since, now) : "-",
    node.latencyMs === undefined ? "-" : `${Math.round(node.latencyMs)} ms`, agentsOf(node),
  ]));
}

function stateOf({ reachable, draining, detail }: FleetNode): string {
  if (!reachable) return "away";
  return [draining ? "draining" : "up", ...(detail ? ["!"] : [])].join(" ");
}

/** Agents by state, and whatever is wrong. */
function agentsOf({ agents, detail }: FleetNode): string {
  const counts = Object.entries(agents).map(([state, count]) => `${count} ${state}`).join(", ");
  return [counts, detail].filter((part) => part !== "").join("  ");
}
