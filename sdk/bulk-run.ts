import { bulkDeliveryKey, type BulkEvent, type BulkRequest } from "../core/domain/bulk.js";
import type { Delivery } from "../core/domain/delivery.js";
import { newDelivery } from "../core/domain/new-delivery.js";
import type { TargetAddress } from "../core/domain/target.js";
import { formatAddress } from "../core/domain/target-address.js";
import { systemClock } from "../core/clock.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { callStream } from "../core/transport/calls.js";
import { bulkEventFromWire, bulkRequestToWire } from "../core/wire/bulk.js";
import type { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";
import { Run } from "./run.js";

export interface BulkResult {
  readonly targets: readonly TargetAddress[];
  /** One per target, in the order in which they ended. */
  readonly deliveries: readonly Delivery[];
}

export interface BulkParts {
  readonly client: CoordinatorClient;
  readonly signal: AbortSignal | undefined;
  /** What became of a delivery in the end, by its key; brings the coordinator back where that is ours to do. */
  readonly ask: (key: string) => Promise<Delivery>;
  /** The same, and stops it where it was not submitted yet. */
  readonly cancel: (key: string) => Promise<Delivery>;
}

/** A bulk under way: a promise of all results, and an iterable of its events as they come. Started when made. */
export class BulkRun extends Run<BulkEvent, BulkResult> {
  /** As it is sent: with the key, and the defaults for what the caller left out. */
  readonly request: BulkRequest;
  readonly #parts: BulkParts;
  readonly #ended = new Map<number, Delivery>();
  #targets: readonly TargetAddress[] = [];

  constructor(request: BulkRequest, parts: BulkParts) {
    super();
    this.request = request;
    this.#parts = parts;
    this.begin(() => this.#run());
  }

  async #run(): Promise<BulkResult> {
    const { client, signal } = this.#parts;
    try {
      const call = { signal, unreachable: "daemon_unavailable" as const };
      for await (const event of callStream(client.bulkSend.bind(client), bulkRequestToWire(this.request), call)) this.#take(bulkEventFromWire(event));
    } catch (error) {
      if (!signal?.aborted && !isCut(error)) throw error;
    }
    // A caller that left, or a stream that was cut: what became of the rest is asked, never sent again.
    for (const [index, target] of this.#targets.entries()) {
      if (!this.#ended.has(index)) this.#take({ type: "result", index, delivery: await this.#settle(target) });
    }
    if (this.#targets.length === 0 && signal?.aborted) throw new DispatchError("interrupted");
    return { targets: this.#targets, deliveries: [...this.#ended.values()] };
  }

  #take(event: BulkEvent): void {
    if (event.type === "planned") this.#targets = event.targets;
    if (event.type === "result") this.#ended.set(event.index, event.delivery);
    this.tell(event);
  }

  async #settle(target: TargetAddress): Promise<Delivery> {
    const key = bulkDeliveryKey(this.request.key, target);
    try {
      return await (this.#parts.signal?.aborted ? this.#parts.cancel(key) : this.#parts.ask(key));
    } catch (error) {
      if (!(error instanceof DispatchError) || error.reason !== "delivery_not_found") throw error;
      const { prompt, options } = this.request;
      const never = newDelivery({ id: key, key, machine: target.machine, requestedTarget: formatAddress(target), kind: "prompt", text: prompt, options, now: systemClock.now() });
      return { ...never, status: "cancelled", reason: "cancelled", detail: "Not started; nothing was typed." };
    }
  }
}

function isCut(error: unknown): boolean {
  return error instanceof DispatchError && (error.reason === "daemon_unavailable" || error.reason === "no_answer");
}
