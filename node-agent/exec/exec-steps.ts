import { AsyncQueue } from "../../core/async/async-queue.js";
import type { Clock } from "../../core/clock.js";
import type { Delivery, DeliveryStatus, DeliveryStep, DeliveryUpdate } from "../../core/domain/delivery.js";

/** The steps of one command, as they come, and the delivery as it stands after the last of them. */
export class ExecSteps {
  readonly updates = new AsyncQueue<DeliveryUpdate>();
  readonly #clock: Clock;
  #delivery: Delivery;

  constructor(delivery: Delivery, clock: Clock) {
    this.#delivery = delivery;
    this.#clock = clock;
  }

  get delivery(): Delivery {
    return this.#delivery;
  }

  note(change: Partial<Delivery>): void {
    this.#delivery = { ...this.#delivery, ...change };
  }

  step(step: DeliveryStep, detail: string): void {
    this.updates.push(this.#add(step, detail, ""));
  }

  /** The last step carries the delivery. */
  end(step: DeliveryStep, status: DeliveryStatus, detail: string, reason = ""): void {
    const update = this.#add(step, detail, reason);
    this.note({ status, detail, reason });
    this.updates.push({ ...update, delivery: this.#delivery });
    this.updates.end();
  }

  #add(step: DeliveryStep, detail: string, reason: string): DeliveryUpdate {
    const { id, steps } = this.#delivery;
    const update: DeliveryUpdate = { deliveryId: id, sequence: steps.length + 1, step, at: this.#clock.now(), detail, reason };
    this.note({ steps: [...steps, update], updatedAt: update.at });
    return update;
  }
}
