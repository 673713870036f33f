import type { DetectedTarget } from "../domain/detection.js";
import type { Principal } from "../domain/principal.js";
import { decide, type SubjectGrant } from "./decide.js";

/** Whether a pane may be in a list for this caller. */
export function mayObserve(principal: Principal, { target, detection }: DetectedTarget, grants: readonly SubjectGrant[]): boolean {
  const actor = principal.behalfOf ?? principal;
  return actor.kind === "coordinator" || decide(actor, "observe", { machine: target.machine, target: target.target, agentKind: detection.agentKind }, grants).allowed;
}
