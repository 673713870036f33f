import { connectivityState, type Client } from "@grpc/grpc-js";
import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Log } from "../../core/log.js";
import { callUnary } from "../../core/transport/calls.js";
import type { CoordinatorClient } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { RegisterNodeRequest } from "../../proto/gen/dispatch/v1/fleet.js";

const callMs = 5_000;
const [firstRetryMs, lastRetryMs] = [500, 30_000];

/**
 * Tells the coordinator where this node is, and again whenever the connection to it was lost: it may be another one, or have lost its list.
 * A refusal is in the log and tried again, more and more rarely. Returns what ends it.
 */
export function registerWithCoordinator(client: CoordinatorClient, request: RegisterNodeRequest, { clock, log }: { clock: Clock; log: Log }): () => void {
  let ended = false;
  let cancelRetry = (): void => undefined;
  const register = async (retryMs: number): Promise<void> => {
    try {
      await callUnary(client.registerNode.bind(client), request, { deadline: new Date(clock.now().getTime() + callMs), unreachable: "daemon_unavailable" });
      log.info({ address: request.address }, "registered with the coordinator");
    } catch (error) {
      if (ended) return;
      const { reason, message } = error instanceof DispatchError ? error : new DispatchError("internal");
      log.warn({ reason, why: message }, "the coordinator did not register this node");
      // Half of it by chance: a hundred nodes do not come back at the same moment.
      cancelRetry = clock.after(retryMs * (0.5 + Math.random() / 2), () => void register(Math.min(retryMs * 2, lastRetryMs)));
    }
  };
  onEachConnection(client, () => {
    cancelRetry();
    if (!ended) void register(firstRetryMs);
  }, () => ended);
  return () => {
    ended = true;
    cancelRetry();
  };
}

/** Keeps the channel up, and calls whenever it has come up. */
function onEachConnection(client: Client, connected: () => void, isEnded: () => boolean): void {
  const channel = client.getChannel();
  const watch = (): void => {
    if (isEnded()) return;
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) connected();
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, (error) => {
      if (!error) watch();
    });
  };
  watch();
}
