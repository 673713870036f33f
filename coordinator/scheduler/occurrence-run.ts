import type { Clock } from "../../core/clock.js";
import { addressKey } from "../../core/domain/bulk.js";
import type { Delivery } from "../../core/domain/delivery.js";
import { hasEnded } from "../../core/domain/delivery-progress.js";
import { slotKey, type Occurrence, type OccurrenceTarget } from "../../core/domain/schedule.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { canRetry, outcomeOf, retryAt } from "../../core/schedule/conclude-run.js";
import type { Coordinator } from "../coordinator.js";
import { beginDelivery } from "../deliveries/begin-delivery.js";
import { fanOut } from "../fanout/fan-out.js";
import { planTargets } from "../fanout/plan-targets.js";
import type { Claimed, ScheduleStore, StoredSchedule } from "../store/schedule-store.js";

export interface OccurrenceParts {
  readonly schedules: ScheduleStore;
  readonly coordinator: Coordinator;
  readonly clock: Clock;
  /** Aborts when the coordinator closes: what is under way is taken up at the next start. */
  readonly signal: AbortSignal;
}

const planMs = 10_000;

/**
 * One claimed slot, to its end or its next try:
 *   claimed → its targets are written down → running → a delivery for each, by the slot's key → (queued) → ended | due again
 * Taken up after a crash it goes the same way: what was written down is not resolved again, and a key that has a delivery joins it.
 */
export class OccurrenceRun {
  readonly #parts: OccurrenceParts;
  readonly #schedule: StoredSchedule;
  #occurrence: Occurrence;
  #targets: OccurrenceTarget[];

  constructor(parts: OccurrenceParts, { schedule, occurrence }: Claimed) {
    this.#parts = parts;
    this.#schedule = schedule;
    this.#occurrence = occurrence;
    this.#targets = [...occurrence.targets];
  }

  /** Rejects only where a store fails: its lease then ends, and it is taken up again. */
  async toEnd(): Promise<void> {
    const { clock, schedules, signal } = this.#parts;
    if (this.#occurrence.status === "claimed") {
      const refusal = this.#targets.length === 0 ? await this.#plan() : undefined;
      if (signal.aborted) return;
      if (refusal) return this.#finish(refusal);
      // Those that an earlier try has left alone are tried again.
      this.#targets = this.#targets.map((one) => (one.attempts === 0 || canRetry(one) ? { ...one, attempts: one.attempts + 1, deliveryId: "", status: "pending", reason: "", detail: "" } : one));
      const started = schedules.start(this.#occurrence, this.#targets, clock.now());
      if (!started) return;
      this.#occurrence = started;
    }
    const waiting = this.#targets.flatMap(({ status }, index) => (hasEnded(status) ? [] : [index]));
    const machineOf = (index: number): string => (this.#targets[index]?.target.machine ?? "").toLowerCase();
    // Of its own: what listens to it goes with it.
    const stop = new AbortController();
    const onClose = (): void => stop.abort();
    signal.addEventListener("abort", onClose, { once: true });
    await fanOut(waiting, machineOf, this.#schedule.spec.limits, stop.signal, (index) => this.#deliver(index));
    signal.removeEventListener("abort", onClose);
    if (!signal.aborted) this.#finish();
  }

  /** The targets as they are now; a refusal where they cannot be told. */
  async #plan(): Promise<DispatchError | undefined> {
    const { coordinator, signal } = this.#parts;
    const { targets, select, sessions } = this.#schedule.spec;
    try {
      const planned = select || sessions
        ? await planTargets(coordinator, { targets, select, sessions }, { signal, principal: this.#schedule.principal, deadline: new Date(this.#parts.clock.now().getTime() + planMs) })
        : targets;
      this.#targets = planned.map((target) => ({ target, deliveryId: "", status: "pending", reason: "", detail: "", attempts: 0 }));
      return undefined;
    } catch (error) {
      return this.#known(error);
    }
  }

  async #deliver(index: number): Promise<void> {
    const { target, attempts } = this.#targets[index] as OccurrenceTarget;
    const { jitterMs } = this.#schedule.spec.limits;
    if (jitterMs > 0) await new Promise<void>((resolve) => void this.#parts.clock.after(Math.random() * jitterMs, resolve));
    if (this.#parts.signal.aborted) return;
    try {
      const delivery = await this.#follow(await this.#begin(target, attempts), index);
      if (delivery) this.#note(index, delivery);
    } catch (error) {
      const why = this.#known(error);
      // What never became a delivery was not typed.
      this.#set(index, { status: why.reason === "internal" ? "failed" : "refused", reason: why.reason, detail: why.message });
    }
  }

  /** Id of the slot's delivery: the one that has its key already, else a new one. */
  async #begin(target: TargetAddress, attempt: number): Promise<string> {
    const { coordinator } = this.#parts;
    const { id, spec } = this.#schedule;
    const only = spec.targets.length === 1 && !spec.select && !spec.sessions;
    const key = slotKey(id, this.#occurrence.slot, { address: only ? "" : addressKey(target), attempt });
    const known = coordinator.store.find(key);
    if (known) return (await coordinator.runner.settled(known)).id;
    // Not synced for itself: after a loss of power the slot is run again, with the same key, and the node's journal says what became of it.
    return beginDelivery(coordinator, { key, target, prompt: spec.prompt, options: { ...spec.options, waitFor: "delivered" }, principal: this.#schedule.principal, caller: `schedule:${id}`, durable: false });
  }

  /** To the end of the delivery; undefined where we are closed before. */
  async #follow(id: string, index: number): Promise<Delivery | undefined> {
    const { coordinator, signal } = this.#parts;
    const current = (): Delivery => {
      const stored = coordinator.store.find(id);
      if (!stored) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: id } });
      return stored.delivery;
    };
    this.#set(index, { deliveryId: id });
    // From now on the list names it, and who cancels the schedule can stop it.
    this.#told("running");
    for await (const update of coordinator.feed.follow(id, "finished", signal)) {
      if (update.step === "queued") {
        this.#note(index, current());
        this.#told("queued");
      }
      if (hasEnded(current().status)) break;
    }
    if (signal.aborted && !hasEnded(current().status)) return undefined;
    return current();
  }

  #told(status: "running" | "queued"): void {
    this.#occurrence = { ...this.#occurrence, status, targets: this.#targets };
    this.#parts.schedules.progress(this.#occurrence);
  }

  #note(index: number, delivery: Delivery): void {
    const { id: deliveryId, status, reason, detail } = delivery;
    // Its run is over, yet it has no end: nobody can say what became of it.
    const told = status === "pending" ? ({ status: "unconfirmed", reason: "no_answer" } as const) : { status, reason };
    this.#set(index, { deliveryId, detail, ...told });
  }

  #set(index: number, change: Partial<OccurrenceTarget>): void {
    this.#targets[index] = { ...(this.#targets[index] as OccurrenceTarget), ...change };
  }

  #finish(refusal?: DispatchError): void {
    const { schedules, clock } = this.#parts;
    const now = clock.now();
    const outcome = refusal ? { status: "failed" as const, reason: refusal.reason, detail: refusal.message } : outcomeOf(this.#targets);
    // Its run is over while the agent still holds the prompt: there is no proof that it was taken.
    const status = outcome.status === "queued" ? "unconfirmed" : outcome.status;
    const again = status === "delivered" ? undefined : retryAt(this.#schedule, refusal ? [] : this.#targets, this.#occurrence.startedAt ?? now, now);
    schedules.finish(this.#occurrence, { ...outcome, status, targets: this.#targets, retryAt: again }, now);
  }

  #known(error: unknown): DispatchError {
    const known = error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error });
    if (known.reason === "internal") this.#parts.coordinator.log.error({ error, schedule: this.#schedule.id }, "a slot failed");
    return known;
  }
}
