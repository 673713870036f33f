import { createHash, randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Delivery, DeliveryOptions, DeliveryUpdate, WaitFor } from "../../core/domain/delivery.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { stringify } from "../../core/store/json-codec.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { JournalUnwritable } from "../store/journal.js";
import type { JournalEntry } from "../store/journal-entry.js";
import { Bell } from "./bell.js";
import { isSettled } from "./delivery-log.js";
import { findLateProof } from "./late-proof.js";
import { Stopped, type DeliveryDeps, type RunContext } from "./run-context.js";
import { runDelivery } from "./run-delivery.js";
import { concludeDelivered } from "./conclude.js";

export interface DeliveryRequest {
  /** 12 hex digits, or empty for a new one. */
  readonly deliveryId: string;
  /** Idempotency key, or empty for the id. */
  readonly key: string;
  readonly address: TargetAddress;
  /** The address as the caller wrote it. */
  readonly requestedTarget: string;
  readonly prompt: string;
  readonly options: DeliveryOptions;
}

interface Running {
  readonly done: Promise<void>;
  readonly admitted: Promise<void>;
  stop(why: Stopped["why"]): void;
}

/** Takes deliveries in, runs each one once, and tells its steps to everyone who asks. */
export class DeliveryDesk {
  readonly #deps: DeliveryDeps;
  readonly #machine: string;
  readonly #running = new Map<string, Running>();
  readonly #shutdown = new AbortController();

  constructor(deps: DeliveryDeps, machine: string) {
    this.#deps = deps;
    this.#machine = machine;
    // Every open delivery listens to it.
    setMaxListeners(0, this.#shutdown.signal);
  }

  /** Goes on with what an earlier life of this node left, oldest first. */
  async recover(): Promise<void> {
    for (const entry of this.#deps.journal.unfinished()) await this.#start(entry).admitted;
  }

  /** Accepts (or joins, or replays) a delivery; the steps come until the caller's `waitFor` is reached. */
  async *deliver(request: DeliveryRequest, signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    const id = this.#accept(request);
    // Whoever is told that it was accepted need not keep the text any more. Where the disk fails no key will be pressed, and the steps tell.
    await this.#deps.journal.onDisk().catch(() => undefined);
    yield* this.#updates(id, request.options.waitFor, signal);
  }

  /** Steps of a known delivery until nothing more will be seen (a queued one goes on). Never types. */
  async *follow(idOrKey: string, signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    yield* this.#updates(this.#find(idOrKey).delivery.id, "end", signal);
  }

  /** Steps from the first one on. The last one carries the delivery. */
  async *#updates(id: string, waitFor: WaitFor | "end", signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    const bell = new Bell();
    const unlisten = this.#deps.log.listen(id, bell.ring);
    const ended = AbortSignal.any([signal, this.#shutdown.signal]);
    let told = 0;
    try {
      for (;;) {
        const entry = this.#deps.log.entry(id);
        const steps = entry.delivery.steps.slice(told);
        const settled = isSettled(entry, waitFor);
        told += steps.length;
        if (!settled) yield* steps;
        else {
          yield* steps.slice(0, -1);
          const last = steps.at(-1) ?? entry.delivery.steps.at(-1);
          if (last) yield { ...last, delivery: entry.delivery };
          return;
        }
        await bell.wait(this.#deps.clock, longestWaitMs, ended).catch((error: unknown) => {
          // Whoever follows comes back to the next life of this node.
          throw this.#shutdown.signal.aborted ? new DispatchError("node_unreachable", "The node is stopping; its next start goes on with the delivery.") : error;
        });
      }
    } finally {
      unlisten();
    }
  }

  async cancel(idOrKey: string): Promise<{ delivery: Delivery; cancelled: boolean }> {
    const { delivery } = this.#find(idOrKey);
    const running = this.#running.get(delivery.id);
    if (running && delivery.presses === 0) {
      running.stop("cancelled");
      await running.done;
    }
    const after = this.#deps.log.entry(delivery.id).delivery;
    return { delivery: after, cancelled: after.status === "cancelled" };
  }

  /** An unconfirmed delivery is looked up in the agent's record once more: proof may have come late. */
  async get(idOrKey: string): Promise<Delivery> {
    const entry = this.#find(idOrKey);
    const finding = await findLateProof(this.#deps, entry);
    if (finding && entry.plan) concludeDelivered(this.#context(entry, this.#shutdown.signal), entry.plan, finding, "ended");
    return this.#deps.log.entry(entry.delivery.id).delivery;
  }

  /** Stops typing at once; what is open is left to the next life of this node. */
  async close(): Promise<void> {
    this.#shutdown.abort(new Stopped("shutdown"));
    await Promise.all([...this.#running.values()].map((running) => running.done));
  }

  /** The id of the delivery that holds the key; a key is claimed once. */
  #accept(request: DeliveryRequest): string {
    const { clock, journal } = this.#deps;
    const id = request.deliveryId || randomBytes(6).toString("hex");
    const now = clock.now();
    const bodySha256 = bodyHash(request);
    const detail = "Accepted and journalled.";
    const delivery = newDelivery({
      id, key: request.key || id, machine: this.#machine, requestedTarget: request.requestedTarget, kind: "prompt", text: request.prompt, options: request.options, now,
    });
    const existing = journal.claim({
      address: request.address, bodySha256, prompt: request.prompt, deadlineAt: new Date(now.getTime() + request.options.timeoutMs),
      delivery: { ...delivery, detail, steps: [{ deliveryId: id, sequence: 1, step: "accepted", at: now, detail, reason: "" }] },
    });
    if (existing && existing.bodySha256 !== bodySha256) {
      throw new DispatchError("key_conflict", undefined, { metadata: { key: request.key, delivery_id: existing.delivery.id } });
    }
    if (existing) return existing.delivery.id;
    this.#start(this.#deps.log.entry(id));
    return id;
  }

  #start(entry: JournalEntry): Running {
    const id = entry.delivery.id;
    const stop = new AbortController();
    const cancelDeadline = this.#deps.clock.after(entry.deadlineAt.getTime() - this.#deps.clock.now().getTime(), () => stop.abort(new Stopped("deadline")));
    let admit = (): void => undefined;
    const admitted = new Promise<void>((resolve) => (admit = resolve));
    const context = this.#context(entry, AbortSignal.any([stop.signal, this.#shutdown.signal]));
    const done = runDelivery(context, entry, admit).catch((error: unknown) => this.#startAgain(id, error)).finally(() => {
      cancelDeadline();
      this.#running.delete(id);
    });
    const running = { done, admitted, stop: (why: Stopped["why"]) => stop.abort(new Stopped(why)) };
    this.#running.set(id, running);
    return running;
  }

  /** A journal that could not be written (a full disk) is as it was: once there is room, it is gone on from there as after a restart. */
  #startAgain(id: string, error: unknown): void {
    if (!(error instanceof JournalUnwritable)) throw error;
    this.#deps.clock.after(unwritableRestMs, () => {
      if (!this.#shutdown.signal.aborted) this.#start(this.#deps.log.entry(id));
    });
  }

  #context(entry: JournalEntry, signal: AbortSignal): RunContext {
    return {
      ...this.#deps, id: entry.delivery.id, prompt: entry.prompt ?? entry.pasted ?? "", options: entry.delivery.options,
      deadline: entry.deadlineAt.getTime(), signal, shutdown: this.#shutdown.signal, lastSeen: undefined,
    };
  }

  #find(idOrKey: string): JournalEntry {
    const entry = this.#deps.journal.find(idOrKey);
    if (!entry) throw new DispatchError("delivery_not_found", `No delivery has the id or key ${idOrKey}.`, { metadata: { id: idOrKey } });
    return entry;
  }
}

/** So long is a journal that could not be written left alone. */
const unwritableRestMs = 1_000;

/** Listeners are woken by steps; this bound only keeps a lost wake-up from lasting. */
const longestWaitMs = 60_000;

/** How far the caller waits and how long are not part of what is asked for, so a retry may differ in them. */
function bodyHash(request: DeliveryRequest): string {
  const { waitFor: _waitFor, timeoutMs: _timeoutMs, ...options } = request.options;
  return createHash("sha256").update(stringify([request.address, request.prompt, options])).digest("hex");
}
