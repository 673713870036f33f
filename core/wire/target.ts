import type { DetectedTarget } from "../domain/detection.js";
import type { ResolvedTarget, TargetAddress } from "../domain/target.js";
import type { Target as WireTarget } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { ResolvedTarget as WireResolvedTarget, TargetAddress as WireTargetAddress } from "../../proto/gen/dispatch/v1/target.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { detectionFromWire, detectionToWire } from "./detection.js";

const [maxName, maxPath] = [1_024, 4_096];

/** Throws `invalid_argument` for what can be no address of a pane, whoever asks. */
export function addressFromWire(address: WireTargetAddress | undefined): TargetAddress {
  if (!address?.pane) throw new DispatchError("invalid_argument", "target: no pane was named.", { metadata: { field: "target" } });
  const { machine, server, pane } = address;
  if (machine.length > maxName || pane.length > maxName) throw new DispatchError("invalid_argument", `target: a machine and a pane have names of at most ${maxName} characters.`, { metadata: { field: "target" } });
  // oxlint-disable-next-line no-control-regex -- no path of a socket holds them
  if (server.length > maxPath || /[\u0000-\u001f]/u.test(server)) throw new DispatchError("invalid_argument", "target.server: it is no path of a socket.", { metadata: { field: "target.server" } });
  return { machine, server, pane };
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
