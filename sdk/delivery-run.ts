import { pause, systemClock } from "../core/clock.js";
import type { Delivery, DeliveryOptions, DeliveryUpdate } from "../core/domain/delivery.js";
import { isEnough } from "../core/domain/delivery-progress.js";
import type { TargetAddress } from "../core/domain/target.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { callStream, callUnary, type CallSettings } from "../core/transport/calls.js";
import { waitForReady } from "../core/transport/wait-for-ready.js";
import { deliveryFromWire, updateFromWire } from "../core/wire/delivery.js";
import { deliveryOptionsToWire, waitFor as waitForCodec } from "../core/wire/delivery-options.js";
import type { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";
import type { DeliveryUpdate as WireUpdate } from "../proto/gen/dispatch/v1/delivery.js";
import { Run } from "./run.js";

/** The node ends a delivery at its time; the call may last this much longer. */
const graceMs = 15_000;
const settleMs = 5_000;
const retryMs = 500;

export interface RunRequest {
  readonly key: string;
  readonly address: TargetAddress;
  readonly prompt: string;
  readonly options: DeliveryOptions;
  readonly signal: AbortSignal | undefined;
  /** Brings the coordinator back, where that is ours to do. */
  readonly revive: () => Promise<unknown>;
}

/** A delivery under way: a promise of how it ends, and an iterable of its steps as they are seen. Started when made. */
export class DeliveryRun extends Run<DeliveryUpdate, Delivery> {
  readonly key: string;
  #seen = 0;

  constructor(client: CoordinatorClient, request: RunRequest) {
    super();
    this.key = request.key;
    this.begin(() => this.#run(client, request));
  }

  async #run(client: CoordinatorClient, request: RunRequest): Promise<Delivery> {
    const { key, address, prompt, options, signal } = request;
    const wire = { key, target: address, prompt, options: deliveryOptionsToWire(options) };
    try {
      const told = await this.#take(callStream(client.send.bind(client), wire, this.#call(signal, options.timeoutMs + graceMs)));
      if (told) return told;
    } catch (error) {
      if (!isCut(error)) throw error;
    }
    if (signal?.aborted) throw new DispatchError("interrupted", undefined, { metadata: { key } });
    return this.#settle(client, request);
  }

  /** The stream was cut: what became of the delivery is asked, never sent again. */
  async #settle(client: CoordinatorClient, { key, options, signal, revive }: RunRequest): Promise<Delivery> {
    await revive().then(() => waitForReady(client, inMs(settleMs), "daemon_unavailable")).catch((error: unknown) => {
      throw unknownEnd(key, error);
    });
    const request = { id: key, waitFor: waitForCodec.toWire(options.waitFor) };
    for (;;) {
      const now = await this.#ask(client, key, signal);
      const restMs = now.createdAt.getTime() + now.options.timeoutMs + graceMs - systemClock.now().getTime();
      if (restMs <= 0 || isEnough(options, now.steps.at(-1)?.step ?? "accepted", now.status)) return now;
      const told = await this.#take(callStream(client.followDelivery.bind(client), request, this.#call(signal, restMs))).catch((error: unknown) => {
        throw isCut(error) ? unknownEnd(key, error) : error;
      });
      if (signal?.aborted) throw new DispatchError("interrupted", undefined, { metadata: { key } });
      if (told) return told;
      // The steps ended without an end: it is looked up again, but not in a hot loop.
      await pause(retryMs);
    }
  }

  async #ask(client: CoordinatorClient, key: string, signal: AbortSignal | undefined): Promise<Delivery> {
    try {
      const { delivery } = await callUnary(client.getDelivery.bind(client), { id: key }, this.#call(signal, settleMs));
      if (!delivery) throw new DispatchError("internal", "The coordinator sent an empty delivery.");
      return deliveryFromWire(delivery);
    } catch (error) {
      if (isCut(error)) throw unknownEnd(key, error);
      if (!(error instanceof DispatchError) || error.reason !== "delivery_not_found") throw error;
      throw new DispatchError("daemon_unavailable", "The connection broke before the delivery was accepted; nothing was typed.", { metadata: { key }, cause: error });
    }
  }

  #call(signal: AbortSignal | undefined, timeoutMs: number): CallSettings {
    return { deadline: inMs(timeoutMs), signal, unreachable: "daemon_unavailable" };
  }

  /** Passes steps on; returns the delivery of the last one. */
  async #take(responses: AsyncIterable<{ update?: WireUpdate | undefined }>): Promise<Delivery | undefined> {
    let delivery: Delivery | undefined;
    for await (const { update } of responses) {
      if (!update) continue;
      const step = updateFromWire(update);
      delivery = step.delivery;
      if (step.sequence <= this.#seen) continue;
      this.#seen = step.sequence;
      this.tell(step);
    }
    return delivery;
  }
}

function inMs(delayMs: number): Date {
  return new Date(systemClock.now().getTime() + delayMs);
}

/** The coordinator went away for good while it had the request: it may not have begun, have typed, or go on with its next start. */
function unknownEnd(key: string, error: unknown): DispatchError {
  const detail = `The connection broke, and what became of the delivery could not be asked: ${error instanceof Error ? error.message : String(error)} Its key is ${key}.`;
  return new DispatchError("no_answer", detail, { metadata: { key }, cause: error });
}

function isCut(error: unknown): boolean {
  return error instanceof DispatchError && (error.reason === "daemon_unavailable" || error.reason === "no_answer");
}
