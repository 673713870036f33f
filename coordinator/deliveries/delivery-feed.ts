import { AsyncQueue } from "../../core/async/async-queue.js";
import type { Delivery, DeliveryUpdate, WaitFor } from "../../core/domain/delivery.js";
import { hasEnded, isEnough } from "../../core/domain/delivery-progress.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { DeliveryStore } from "../store/delivery-store.js";

/** A step, and the delivery as it is after it. */
interface News {
  readonly update: DeliveryUpdate;
  readonly delivery: Delivery;
  /** Other steps came after it: what became of the delivery is told by the last one. */
  readonly past?: boolean;
}

/** Brings the steps of running deliveries to all who follow them; earlier ones are replayed from the store. */
export class DeliveryFeed {
  readonly #store: DeliveryStore;
  readonly #running = new Map<string, { delivery: Delivery; readonly followers: Set<AsyncQueue<News>> }>();
  readonly #watchers = new Set<AsyncQueue<Delivery>>();

  constructor(store: DeliveryStore) {
    this.#store = store;
  }

  /** From now on steps of this delivery, which is as in the store, may come. */
  open(delivery: Delivery): void {
    this.#running.set(delivery.id, { delivery, followers: new Set() });
  }

  publish(news: News): void {
    const running = this.#running.get(news.delivery.id);
    if (running) running.delivery = news.delivery;
    for (const queue of running?.followers ?? []) queue.push(news);
    for (const watcher of this.#watchers) watcher.push(news.delivery);
  }

  /** Every delivery as it is after each step from now on, until the signal aborts. */
  async *all(signal: AbortSignal): AsyncGenerator<Delivery, void, undefined> {
    const queue = new AsyncQueue<Delivery>();
    const onAbort = (): void => queue.end();
    signal.addEventListener("abort", onAbort, { once: true });
    this.#watchers.add(queue);
    try {
      yield* queue;
    } finally {
      this.#watchers.delete(queue);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** No further steps come. */
  close(id: string): void {
    for (const queue of this.#running.get(id)?.followers ?? []) queue.end();
    this.#running.delete(id);
  }

  /**
   * Every step from the first, then those to come, until the caller has seen enough or nothing more will come.
   * A step at which a caller may leave carries the delivery.
   */
  async *follow(id: string, waitFor: WaitFor, signal: AbortSignal): AsyncGenerator<DeliveryUpdate, void, undefined> {
    let seen = 0;
    for await (const { update, delivery, past = false } of this.#news(id, signal)) {
      // An end without a step of its own (a dry run) comes with the last step told once more.
      if (update.sequence < seen || (update.sequence === seen && !update.delivery)) continue;
      seen = update.sequence;
      const enough = !past && isEnough({ waitFor, onBusy: delivery.options.onBusy }, update.step, delivery.status);
      const { delivery: _, ...step } = update;
      yield enough || (!past && hasEnded(delivery.status)) ? { ...step, delivery } : step;
      if (enough) return;
    }
  }

  async *#news(id: string, signal: AbortSignal): AsyncGenerator<News, void, undefined> {
    const queue = new AsyncQueue<News>();
    const onAbort = (): void => queue.end();
    signal.addEventListener("abort", onAbort, { once: true });
    const listeners = this.#running.get(id)?.followers;
    listeners?.add(queue);
    try {
      yield* this.#replay(id);
      if (listeners && !signal.aborted) yield* queue;
    } finally {
      listeners?.delete(queue);
      signal.removeEventListener("abort", onAbort);
    }
  }

  *#replay(id: string): Generator<News, void, undefined> {
    const delivery = this.#running.get(id)?.delivery ?? this.#store.find(id)?.delivery;
    if (!delivery) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: id } });
    for (const update of delivery.steps) yield { update, delivery, past: update !== delivery.steps.at(-1) };
  }
}
