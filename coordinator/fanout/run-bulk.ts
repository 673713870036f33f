import { setMaxListeners } from "node:events";
import { AsyncQueue } from "../../core/async/async-queue.js";
import { bulkDeliveryKey, type BulkEvent, type BulkRequest } from "../../core/domain/bulk.js";
import type { Delivery } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { hasEnded } from "../../core/domain/delivery-progress.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { CallContext } from "../../core/transport/handlers.js";
import type { Coordinator } from "../coordinator.js";
import { beginDelivery } from "../deliveries/begin-delivery.js";
import { cancelInNode } from "../deliveries/cancel-in-node.js";
import { fanOut } from "./fan-out.js";
import { jitter, paceOf } from "./pacing.js";
import { planTargets } from "./plan-targets.js";

/**
 * One delivery per target, within the limits; every event as it comes. A target that cannot be sent to is a result, not an error.
 * When the caller leaves, nothing more is started, and what was not typed yet is cancelled.
 */
export async function* runBulk(coordinator: Coordinator, request: BulkRequest, call: CallContext): AsyncGenerator<BulkEvent, void, undefined> {
  // One listener per target that runs.
  setMaxListeners(0, call.signal);
  const targets = await planTargets(coordinator, request, call);
  yield { type: "planned", targets };
  const events = new AsyncQueue<BulkEvent>();
  const machineOf = ({ machine }: TargetAddress): string => machine.toLowerCase();
  const all = fanOut(targets, machineOf, request.limits, call.signal, (target, index) => sendToOne(coordinator, request, target, index, events, call), paceOf(coordinator, request.limits));
  all.catch((error: unknown) => coordinator.log.error({ error }, "a bulk ended early")).finally(() => events.end());
  yield* events;
  await all;
}

async function sendToOne(coordinator: Coordinator, request: BulkRequest, target: TargetAddress, index: number, events: AsyncQueue<BulkEvent>, { signal, principal }: CallContext): Promise<void> {
  await jitter(coordinator, request.limits.jitterMs, signal);
  if (signal.aborted) return;
  try {
    const { prompt, options } = request;
    const id = await beginDelivery(coordinator, { key: bulkDeliveryKey(request.key, target), target, prompt, options, principal });
    let told: Delivery | undefined;
    for await (const update of coordinator.feed.follow(id, options.waitFor, signal)) {
      events.push({ type: "step", index, update });
      told = update.delivery;
    }
    if (told && !signal.aborted) events.push({ type: "result", index, delivery: told });
    else await endUntold(coordinator, id, index, events, signal);
  } catch (error) {
    const why = error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error });
    if (why.reason === "internal") coordinator.log.error({ error }, "a target of a bulk failed");
    events.push({ type: "result", index, delivery: refusedDelivery(coordinator, request, target, why) });
  }
}

/** Of a delivery whose last step did not come: it is cancelled where the caller has left, else told as it is. */
async function endUntold(coordinator: Coordinator, id: string, index: number, events: AsyncQueue<BulkEvent>, signal: AbortSignal): Promise<void> {
  const stored = coordinator.store.find(id);
  if (!stored) throw new DispatchError("delivery_not_found");
  if (signal.aborted && !hasEnded(stored.delivery.status)) await cancelInNode(coordinator, stored, {});
  else events.push({ type: "result", index, delivery: stored.delivery });
}

/** A target that never became a delivery, such as one on an unknown machine. */
function refusedDelivery(coordinator: Coordinator, { prompt, options }: BulkRequest, target: TargetAddress, why: DispatchError): Delivery {
  const id = newDeliveryId();
  const delivery = newDelivery({ id, key: id, machine: target.machine, requestedTarget: formatAddress(target), kind: "prompt", text: prompt, options, now: coordinator.clock.now() });
  return { ...delivery, status: why.reason === "internal" ? "failed" : "refused", reason: why.reason, detail: why.message };
}
