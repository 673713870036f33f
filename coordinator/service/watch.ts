import { gradually } from "../../core/async/gradually.js";
import { AsyncQueue } from "../../core/async/async-queue.js";
import type { Clock } from "../../core/clock.js";
import type { WatchEvent } from "../../core/domain/watch-event.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { addressFromWire, detectedTargetToWire } from "../../core/wire/target.js";
import type { CoordinatorWatchRequest, CoordinatorWatchResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import type { NodeCall, NodeClient } from "../nodes/node-client.js";

const retryMs = 1_000;
const reconnectMs = 3_600_000;

/** One pane, or every pane of every node. Of several nodes one that goes away is waited for: when it is back it tells all its panes again. */
export const watch = ({ nodes, clock }: Coordinator): StreamHandler<CoordinatorWatchRequest, CoordinatorWatchResponse> =>
  async function* ({ target }, context) {
    const address = target?.pane ? addressFromWire(target) : undefined;
    const watched = address ? [nodes.forMachine(address.machine)] : nodes.all();
    const events = watched.length === 1 ? watched.map((node) => node.watch(address, context)) : watched.map((node) => whileItLives(node, clock, context));
    for await (const event of merge(events)) yield { target: detectedTargetToWire(event), gone: event.gone };
  };

async function* whileItLives(node: NodeClient, clock: Clock, call: NodeCall): AsyncGenerator<WatchEvent> {
  while (!call.signal?.aborted) {
    try {
      yield* node.watch(undefined, call);
      return;
    } catch (error) {
      if (!(error instanceof DispatchError) || error.reason !== "node_unreachable") throw error;
      await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
      await node.ready(new Date(clock.now().getTime() + reconnectMs)).catch(() => undefined);
    }
  }
}

async function* merge(sources: AsyncIterable<WatchEvent>[]): AsyncGenerator<WatchEvent> {
  const queue = new AsyncQueue<WatchEvent>();
  const mayStart = gradually();
  const pumps = sources.map(async (source) => {
    await mayStart();
    for await (const event of source) queue.push(event);
  });
  const done = Promise.all(pumps).finally(() => queue.end());
  // Reported below, once what came before it was read.
  done.catch(() => undefined);
  yield* queue;
  await done;
}
