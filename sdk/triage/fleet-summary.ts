import { formatAddress } from "../../core/domain/target-address.js";
import type { DetectedTarget } from "../../core/domain/detection.js";
import { wildcard } from "../../core/text/wildcard.js";
import { triage, type Triage } from "./triage.js";

export const fleetPaneStates = ["working", "idle", "stuck", "error", "blocked"] as const;
export type FleetPaneState = (typeof fleetPaneStates)[number];

export interface FleetPane extends Pick<Triage, "target" | "detection" | "action"> {
  readonly state: FleetPaneState;
  /** How sure that is: a screen that is not understood may hold anything. */
  readonly uncertainty: "low" | "medium" | "high";
  readonly reasons: readonly string[];
}

export interface FleetSummary {
  readonly schemaVersion: "dispatch.fleet_summary.v1";
  readonly generatedAt: Date;
  /** Panes that fit, also those beyond the limit. */
  readonly matched: number;
  readonly counts: Readonly<Record<FleetPaneState, number>>;
  readonly panes: readonly FleetPane[];
}

export interface FleetFilter {
  /** `*` and `?` are wildcards; held against `session:window.pane`, `machine/…`, the session, the window's name and the pane id. None: all panes. */
  readonly targets: readonly string[];
  readonly limit: number;
}

/** What needs a look comes first. */
const order: readonly FleetPaneState[] = ["error", "stuck", "blocked", "working", "idle"];

/** Pure: how the panes stand, what needs a look first. Shells count as blocked: no prompt can go there. */
export function fleetSummary(found: readonly DetectedTarget[], { targets, limit }: FleetFilter, now: Date): FleetSummary {
  const patterns = targets.map(wildcard);
  const panes = found.filter((each) => patterns.length === 0 || patterns.some((pattern) => namesOf(each).some((name) => pattern.test(name)))).map(judge);
  const sorted = panes.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const counts = Object.fromEntries(fleetPaneStates.map((state) => [state, panes.filter((pane) => pane.state === state).length])) as Record<FleetPaneState, number>;
  return { schemaVersion: "dispatch.fleet_summary.v1", generatedAt: now, matched: panes.length, counts, panes: sorted.slice(0, limit) };
}

function judge(found: DetectedTarget): FleetPane {
  const { target, detection, action } = triage(found);
  const { state, targetKind } = detection;
  const judged = targetKind !== "agent" ? "blocked" : stateOf(state);
  const uncertainty = state === "unknown" && targetKind !== "shell" ? "high" : state === "copy_mode" || state === "wedged" || state === "starting" ? "medium" : "low";
  const doing = detection.activity ? [`doing: ${detection.activity}`] : [];
  return { target, detection, action, state: judged, uncertainty, reasons: [action.reason, ...doing, detection.reason] };
}

function stateOf(state: DetectedTarget["detection"]["state"]): FleetPaneState {
  switch (state) {
    case "idle":
      return "idle";
    case "busy":
    case "queued":
    case "starting":
      return "working";
    case "wedged":
      return "stuck";
    case "exited":
      return "error";
    default:
      return "blocked";
  }
}

function namesOf({ target }: DetectedTarget): string[] {
  const pane = target.target;
  const session = pane.slice(0, pane.lastIndexOf(":"));
  return [pane, pane.replace(/\.\d+$/u, ""), session, target.window, `${session}:${target.window}`, target.paneId, formatAddress({ machine: target.machine, server: "", pane })];
}
