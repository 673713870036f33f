import type { AccessObject } from "../../core/access/decide.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { TargetAddress as WireAddress } from "../../proto/gen/dispatch/v1/target.js";
import type { Node } from "../node.js";

/** The pane that a call is about, looked at now. The call goes on with that very pane, so that what was allowed is what is done. */
export async function objectOfRequest(node: Node, request: unknown): Promise<AccessObject> {
  const asked = request as { target?: WireAddress };
  if (!asked.target) return {};
  const { target, detection } = await node.detect(addressFromWire(asked.target));
  asked.target = { ...asked.target, server: target.server, pane: target.paneId };
  return { machine: target.machine, target: target.target, agentKind: detection.agentKind };
}
