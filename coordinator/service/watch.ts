import { AsyncQueue } from "../../core/async/async-queue.js";
import type { WatchEvent } from "../../core/domain/watch-event.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { addressFromWire, detectedTargetToWire } from "../../core/wire/target.js";
import type { CoordinatorWatchRequest, CoordinatorWatchResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

/** One pane, or every pane of every node. Ends with the error of the first node that fails. */
export const watch = ({ nodes }: Coordinator): StreamHandler<CoordinatorWatchRequest, CoordinatorWatchResponse> =>
  async function* ({ target }, context) {
    const address = target?.pane ? addressFromWire(target) : undefined;
    const watched = address ? [nodes.forMachine(address.machine)] : nodes.all();
    const events = merge(watched.map((node) => node.watch(address, context)));
    for await (const event of events) yield { target: detectedTargetToWire(event), gone: event.gone };
  };

async function* merge(sources: AsyncIterable<WatchEvent>[]): AsyncGenerator<WatchEvent> {
  const queue = new AsyncQueue<WatchEvent>();
  const pumps = sources.map(async (source) => {
    for await (const event of source) queue.push(event);
  });
  const done = Promise.all(pumps).finally(() => queue.end());
  // Reported below, once what came before it was read.
  done.catch(() => undefined);
  yield* queue;
  await done;
}
