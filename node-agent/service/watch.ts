import { mayObserve } from "../../core/access/may-observe.js";
import type { SubjectGrant } from "../../core/access/decide.js";
import { addressFromWire, detectedTargetToWire } from "../../core/wire/target.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { WatchRequest, WatchResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const watch = (node: Node, grants: readonly SubjectGrant[]): StreamHandler<WatchRequest, WatchResponse> =>
  async function* ({ target }, { signal, principal }) {
    const address = target && addressFromWire(target);
    for await (const event of node.watch(address, signal)) {
      if (mayObserve(principal, event, grants)) yield { target: detectedTargetToWire(event), gone: event.gone };
    }
  };
