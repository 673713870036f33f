import type { Clock } from "../../core/clock.js";
import type { Delivery, DeliveryStep, DeliveryUpdate } from "../../core/domain/delivery.js";
import { hasEnded, isOver } from "../../core/domain/delivery-progress.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { NodeClient } from "../nodes/node-client.js";
import type { StoredDelivery } from "../store/delivery-store.js";

/** How long a node may take to take a connection before a new delivery is refused. */
const connectMs = 5_000;
/** How much longer than the delivery's own time we wait for its node. */
const graceMs = 5_000;
const retryMs = 500;

export interface RunParts {
  /** As it is known now: a machine may come back at another address. */
  readonly node: NodeClient;
  readonly clock: Clock;
  /** Aborts when the coordinator closes; the delivery itself goes on in the node. */
  readonly signal: AbortSignal;
  /** The row as it is now. */
  current(): StoredDelivery;
  record(update: DeliveryUpdate): void;
}

/**
 * Brings one delivery to its end:
 *   new → handed over → (steps of the node) → ended
 *   cut stream, or taken up after a restart → the node's journal is asked → follow to the end | never journalled: hand over
 * The text is handed over again only when the journal says that it never had it.
 */
export class DeliveryRun {
  readonly #parts: RunParts;
  /** The node may have the text. */
  #sent: boolean;

  constructor(parts: RunParts, options: { sent: boolean }) {
    this.#parts = parts;
    this.#sent = options.sent;
  }

  /** Never rejects, except where the store fails. */
  async toEnd(): Promise<void> {
    try {
      if (this.#sent) await this.#settle();
      else await this.#handOver();
    } catch (error) {
      if (!this.#parts.signal.aborted) this.#giveUp(error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error }));
    }
  }

  async #handOver(): Promise<void> {
    const { node, clock, signal } = this.#parts;
    const { delivery, address, prompt, principal } = this.#parts.current();
    if (prompt === undefined) throw new DispatchError("internal", "The node's journal has lost this delivery.");
    const timeoutMs = endOf(delivery) - clock.now().getTime();
    if (timeoutMs <= 0) throw new DispatchError("deadline_exceeded");
    await node.ready(this.#inMs(Math.min(connectMs, timeoutMs)));
    this.#sent = true;
    try {
      const request = { deliveryId: delivery.id, key: delivery.key, address, prompt, options: { ...delivery.options, timeoutMs } };
      await this.#take(node.deliver(request, { signal, principal }));
    } catch (error) {
      return this.#settle(error);
    }
    await this.#follow();
  }

  /** Asks the journal what became of it. `refusal` is what the hand-over was answered with, where it was. */
  async #settle(refusal?: unknown): Promise<void> {
    if (await this.#isJournalled()) return this.#follow();
    this.#sent = false;
    if (refusal !== undefined && !isUnanswered(refusal)) throw refusal;
    await this.#pause();
    return this.#handOver();
  }

  /** A connection that breaks while we ask says nothing: it is asked again until the delivery's own time is over. */
  async #isJournalled(): Promise<boolean> {
    const { clock, signal } = this.#parts;
    const { delivery } = this.#parts.current();
    for (;;) {
      await this.#nodeIsBack(delivery);
      try {
        await this.#parts.node.getDelivery(delivery.key, { signal });
        return true;
      } catch (error) {
        if (error instanceof DispatchError && error.reason === "delivery_not_found") return false;
        if (!isUnanswered(error) || clock.now().getTime() > endOf(delivery) + graceMs) throw error;
        await this.#pause();
      }
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#parts;
    while (!signal.aborted && !this.#ended()) {
      const { delivery } = this.#parts.current();
      try {
        await this.#take(this.#parts.node.follow(delivery.key, { signal }));
        return;
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        await this.#pause();
        await this.#nodeIsBack(delivery);
      }
    }
  }

  async #take(updates: AsyncIterable<DeliveryUpdate>): Promise<void> {
    for await (const update of updates) this.#parts.record(update);
  }

  /** Where nothing can have been typed the delivery is refused; else nobody knows, and it says so. */
  #giveUp(why: DispatchError): void {
    const { delivery } = this.#parts.current();
    if (hasEnded(delivery.status)) return;
    this.#parts.record({
      deliveryId: delivery.id,
      sequence: (delivery.steps.at(-1)?.sequence ?? 0) + 1,
      step: this.#sent ? "unconfirmed" : untypedEnd(why),
      at: this.#parts.clock.now(),
      detail: why.message,
      reason: why.reason,
    });
  }

  #nodeIsBack(delivery: Delivery): Promise<void> {
    return this.#parts.node.ready(this.#inMs(Math.max(0, endOf(delivery) - this.#parts.clock.now().getTime()) + graceMs));
  }

  /** A node that comes and goes is not asked in a hot loop. */
  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(retryMs, resolve));
  }

  #inMs(delayMs: number): Date {
    return new Date(this.#parts.clock.now().getTime() + delayMs);
  }

  #ended(): boolean {
    return isOver(this.#parts.current().delivery);
  }
}

function endOf(delivery: Delivery): number {
  return delivery.createdAt.getTime() + delivery.options.timeoutMs;
}

/** Nobody answered: what became of the request is not known. */
function isUnanswered(error: unknown): boolean {
  return error instanceof DispatchError && (error.reason === "node_unreachable" || error.reason === "no_answer");
}

/** The end of a delivery for which nothing was typed. */
function untypedEnd({ reason }: DispatchError): DeliveryStep {
  if (reason === "deadline_exceeded") return "expired";
  return reason === "internal" ? "failed" : "refused";
}
