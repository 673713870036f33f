import type { DetectedTarget } from "../domain/detection.js";
import type { ResolvedTarget, TargetAddress } from "../domain/target.js";
import type { Target as WireTarget } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { ResolvedTarget as WireResolvedTarget, TargetAddress as WireTargetAddress } from "../../proto/gen/dispatch/v1/target.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { detectionFromWire, detectionToWire } from "./detection.js";

export function addressFromWire(address: WireTargetAddress | undefined): TargetAddress {
  if (!address?.pane) throw new DispatchError("invalid_argument", "target: no pane was named.", { metadata: { field: "target" } });
  return { ...address };
}

export function resolvedTargetToWire(target: ResolvedTarget): WireResolvedTarget {
  return { ...target };
}

export function resolvedTargetFromWire(target: WireResolvedTarget | undefined): ResolvedTarget {
  if (!target) throw new DispatchError("internal", "An answer lacks its target.");
  return { ...target };
}

export function detectedTargetToWire(found: DetectedTarget): WireTarget {
  return { target: resolvedTargetToWire(found.target), detection: detectionToWire(found.detection) };
}

export function detectedTargetFromWire(found: WireTarget | undefined): DetectedTarget {
  if (!found?.detection) throw new DispatchError("internal", "An answer lacks its detection.");
  return { target: resolvedTargetFromWire(found.target), detection: detectionFromWire(found.detection) };
}
