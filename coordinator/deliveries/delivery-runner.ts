import { setMaxListeners } from "node:events";
import type { Clock } from "../../core/clock.js";
import type { Delivery, DeliveryStep, DeliveryUpdate } from "../../core/domain/delivery.js";
import { hasEnded, isOver } from "../../core/domain/delivery-progress.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Log } from "../../core/log.js";
import type { FairSlots } from "../fanout/fair-slots.js";
import type { NodeDirectory } from "../nodes/node-directory.js";
import type { DeliveryStore, StoredDelivery } from "../store/delivery-store.js";
import { applyUpdate } from "./apply-update.js";
import type { DeliveryFeed } from "./delivery-feed.js";
import { DeliveryRun } from "./delivery-run.js";

const askMs = 2_000;
/** So long is a store that could not be written left alone. */
const unstorableRestMs = 1_000;
/** … and so long, where it cannot even be read. */
const longestRestMs = 60_000;
const restful: ReadonlySet<DeliveryStep> = new Set(["waiting", "queued", "working"]);

export interface RunnerParts {
  readonly store: DeliveryStore;
  readonly feed: DeliveryFeed;
  readonly nodes: NodeDirectory;
  readonly slots: FairSlots;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs deliveries to their end, whoever listens, and stores and publishes their steps. */
export class DeliveryRunner {
  readonly #parts: RunnerParts;
  readonly #closing = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  /** The rows of those that run, as they are in the store: nobody else writes them. */
  readonly #rows = new Map<string, StoredDelivery>();
  /** What ends the wait for a slot. */
  readonly #waiting = new Map<string, () => void>();
  /** What gives the slot of a delivery back. */
  readonly #holding = new Map<string, () => void>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    // One listener per delivery that runs.
    setMaxListeners(0, this.#closing.signal);
  }

  /** A delivery whose row was just written. */
  start(stored: StoredDelivery, caller: string): void {
    this.#run(stored, { sent: false, caller });
  }

  /** Stops a delivery that waits for a slot: its node has never heard of it. False where it does not wait. */
  cancelWaiting(id: string): boolean {
    const stop = this.#waiting.get(id);
    if (!stop) return false;
    const { delivery } = this.#current(id);
    const sequence = (delivery.steps.at(-1)?.sequence ?? 0) + 1;
    this.#record(id, { deliveryId: id, sequence, step: "cancelled", at: this.#parts.clock.now(), detail: "Cancelled; nothing was typed.", reason: "cancelled" });
    stop();
    return true;
  }

  /** Takes up what an earlier run of this process left without an end. */
  resume(): void {
    for (const stored of this.#parts.store.unfinished()) {
      if (stored.delivery.kind === "prompt") this.#run(stored, { sent: true });
      else this.#leaveUnknown(stored.delivery);
    }
  }

  /** The row, brought up to date from its node where it was left without a proven end. */
  async settled(stored: StoredDelivery): Promise<Delivery> {
    const { delivery } = stored;
    // Proof may have come late: the node looks for it when it is asked.
    const open = !isOver(delivery) || delivery.status === "unconfirmed";
    if (!open || delivery.kind !== "prompt" || this.#running.has(delivery.id)) return delivery;
    const { nodes, store, clock } = this.#parts;
    try {
      const deadline = new Date(clock.now().getTime() + askMs);
      const told = await nodes.forMachine(stored.address.machine).getDelivery(delivery.key, { deadline, signal: this.#closing.signal });
      // Somebody else has asked meanwhile, and it runs again.
      if (this.#running.has(delivery.id)) return this.#current(delivery.id).delivery;
      const now = { ...told, id: delivery.id, createdAt: delivery.createdAt, steps: told.steps.map((step) => ({ ...step, deliveryId: delivery.id })) };
      store.replace(now);
      if (!isOver(now)) this.#run({ ...stored, delivery: now }, { sent: true });
      return now;
    } catch (error) {
      this.#parts.log.warn({ error, delivery: delivery.id }, "delivery could not be settled");
      return delivery;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running.values());
  }

  /** Keys and commands are no journalled deliveries: what was under way when this process ended is not known, and never done again. */
  #leaveUnknown(delivery: Delivery): void {
    const { store, clock } = this.#parts;
    store.replace({ ...delivery, status: "unconfirmed", reason: "no_answer", detail: "The background process ended in the middle; it is not done again.", updatedAt: clock.now() });
  }

  /** Without a caller it waits for no slot: it is with its node already. */
  #run(stored: StoredDelivery, { sent, caller }: { sent: boolean; caller?: string }): void {
    const { feed, nodes, clock } = this.#parts;
    const { id } = stored.delivery;
    if (this.#running.has(id)) return;
    feed.open(stored.delivery);
    this.#rows.set(id, stored);
    const parts = {
      get node() {
        return nodes.forMachine(stored.address.machine);
      },
      clock,
      signal: this.#closing.signal,
      current: () => this.#current(id),
      record: (update: DeliveryUpdate) => this.#record(id, update),
    };
    const run = (): Promise<void> => new DeliveryRun(parts, { sent }).toEnd();
    const done = (caller === undefined ? run() : this.#inSlot(stored, caller, run))
      .catch((error: unknown) => this.#runAgain(id, error))
      .finally(() => {
        feed.close(id);
        this.#running.delete(id);
        this.#rows.delete(id);
      });
    this.#running.set(id, done);
  }

  /** Where its steps could not be stored (a full disk), it is taken up as after a restart once there may be room. */
  #runAgain(id: string, why: unknown, restMs = unstorableRestMs): void {
    const { clock, log } = this.#parts;
    log.error({ error: why, delivery: id }, "delivery could not be stored");
    clock.after(restMs, () => {
      if (this.#closing.signal.aborted) return;
      try {
        this.#run(this.#current(id), { sent: true });
      } catch (error) {
        this.#runAgain(id, error, Math.min(2 * restMs, longestRestMs));
      }
    });
  }

  /** Runs it once it has a slot, or once its time is over; where the coordinator closes before, it is left to the next start. */
  async #inSlot({ delivery: { id, createdAt, options }, address }: StoredDelivery, caller: string, run: () => Promise<void>): Promise<void> {
    const { slots, clock } = this.#parts;
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const cancelTimer = clock.after(createdAt.getTime() + options.timeoutMs - clock.now().getTime(), abort);
    this.#closing.signal.addEventListener("abort", abort, { once: true });
    this.#waiting.set(id, abort);
    try {
      this.#holding.set(id, await slots.acquire(caller, address.machine.toLowerCase(), stop.signal));
    } catch {
      if (this.#closing.signal.aborted || hasEnded(this.#current(id).delivery.status)) return undefined;
    } finally {
      cancelTimer();
      this.#closing.signal.removeEventListener("abort", abort);
      this.#waiting.delete(id);
    }
    try {
      await run();
    } finally {
      this.#letGo(id);
    }
  }

  #letGo(id: string): void {
    this.#holding.get(id)?.();
    this.#holding.delete(id);
  }

  #record(id: string, told: DeliveryUpdate): void {
    const update = { ...told, deliveryId: id };
    const row = this.#current(id);
    const before = row.delivery;
    // A follower replays from the first step.
    if (update.sequence <= (before.steps.at(-1)?.sequence ?? 0) && !update.delivery) return;
    const delivery = applyUpdate(before, update);
    this.#parts.store.record(update, delivery);
    // The first step of a node is where the prompt is dropped.
    if (this.#rows.has(id)) this.#rows.set(id, { ...row, delivery, prompt: undefined });
    // What waits for a pane, for an agent or for its turn keeps nobody else from theirs.
    if (restful.has(update.step)) this.#letGo(id);
    this.#parts.feed.publish({ update, delivery });
  }

  #current(id: string): StoredDelivery {
    const stored = this.#rows.get(id) ?? this.#parts.store.find(id);
    if (!stored) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: id } });
    return stored;
  }
}
