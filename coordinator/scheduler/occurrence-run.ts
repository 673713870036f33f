import type { Clock } from "../../core/clock.js";
import { addressKey } from "../../core/domain/bulk.js";
import type { Delivery } from "../../core/domain/delivery.js";
import { hasEnded } from "../../core/domain/delivery-progress.js";
import { slotKey, type Occurrence, type OccurrenceTarget, type ScheduleSpec } from "../../core/domain/schedule.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { isPattern } from "../../core/domain/target-address.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { canRetry, outcomeOf, retryAt } from "../../core/schedule/conclude-run.js";
import { stringify } from "../../core/store/json-codec.js";
import type { Coordinator } from "../coordinator.js";
import { beginDelivery } from "../deliveries/begin-delivery.js";
import { stopUntyped } from "../deliveries/stop-untyped.js";
import { fanOut } from "../fanout/fan-out.js";
import { jitter, paceOf } from "../fanout/pacing.js";
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
const whenKeys = ["timing", "timeZone", "jitterMs", "start", "end"] as const satisfies readonly (keyof ScheduleSpec)[];
const whereKeys = ["targets", "select", "sessions"] as const satisfies readonly (keyof ScheduleSpec)[];

/**
 * One claimed slot, to its end or its next try:
 *   claimed → its targets are written down → running → a delivery for each, by the slot's key → (queued) → ended | due again
 * Taken up after a crash it goes the same way: what was written down is not resolved again, and a key that has a delivery joins it.
 */
export class OccurrenceRun {
  readonly #parts: OccurrenceParts;
  readonly #schedule: StoredSchedule;
  /** Ends what was not begun. Of its own: what listens to it goes with it. */
  readonly #stop = new AbortController();
  #occurrence: Occurrence;
  #targets: OccurrenceTarget[];
  #cancelled: boolean;

  constructor(parts: OccurrenceParts, { schedule, occurrence }: Claimed) {
    this.#parts = parts;
    this.#schedule = schedule;
    this.#occurrence = occurrence;
    this.#targets = [...occurrence.targets];
    // Taken up after a crash: what it has begun is followed, nothing new is.
    this.#cancelled = schedule.status === "cancelled";
  }

  /** Its schedule is cancelled, or gone: no further target is sent to. */
  cancel(): void {
    this.#cancelled = true;
    this.#stop.abort();
  }

  /** Rejects only where a store fails: its lease then ends, and it is taken up again. */
  async toEnd(): Promise<void> {
    const { clock, schedules, signal } = this.#parts;
    if (this.#occurrence.status === "claimed") {
      // Nothing is left of it to be tried again: it is new, or its schedule has other targets by now.
      const refusal = this.#targets.some(canRetry) ? undefined : await this.#plan();
      if (signal.aborted) return;
      if (refusal) return this.#finish(refusal);
      // Those that an earlier try has left alone are tried again.
      this.#targets = this.#targets.map((one) => (one.status === "pending" || canRetry(one) ? { ...one, attempts: one.attempts + 1, deliveryId: "", status: "pending", reason: "", detail: "" } : one));
      const started = schedules.start(this.#occurrence, this.#targets, clock.now());
      if (!started) return;
      this.#occurrence = started;
    }
    await this.#sendAll();
    if (!signal.aborted) this.#finish();
  }

  async #sendAll(): Promise<void> {
    const { coordinator, signal } = this.#parts;
    const { limits } = this.#schedule.spec;
    if (signal.aborted) return;
    const waiting = this.#targets.flatMap(({ status }, index) => (hasEnded(status) ? [] : [index]));
    const machineOf = (index: number): string => (this.#targets[index]?.target.machine ?? "").toLowerCase();
    const onClose = (): void => this.#stop.abort();
    signal.addEventListener("abort", onClose, { once: true });
    await fanOut(waiting, machineOf, limits, this.#stop.signal, (index) => this.#deliver(index), paceOf(coordinator, limits));
    signal.removeEventListener("abort", onClose);
    if (!this.#cancelled) return;
    this.#targets.forEach(({ status }, index) => {
      if (status === "pending") this.#set(index, { status: "cancelled", reason: "cancelled", detail: "Its schedule was cancelled; nothing was typed." });
    });
  }

  /** The targets as they are now; a refusal where they cannot be told. */
  async #plan(): Promise<DispatchError | undefined> {
    const { coordinator, signal } = this.#parts;
    const { targets, select, sessions } = this.#schedule.spec;
    try {
      const planned = select || sessions || targets.some(isPattern)
        ? await planTargets(coordinator, { targets, select, sessions }, { signal, principal: this.#schedule.principal, deadline: new Date(this.#parts.clock.now().getTime() + planMs) })
        : targets;
      const had = new Set(this.#targets.map(({ target }) => addressKey(target)));
      const added = planned.filter((target) => !had.has(addressKey(target)));
      // Keys tell tries apart: one that comes in with a later try has that try's.
      this.#targets = [...this.#targets, ...added.map((target) => ({ target, deliveryId: "", status: "pending" as const, reason: "", detail: "", attempts: this.#occurrence.attempts }))];
      return undefined;
    } catch (error) {
      return this.#known(error);
    }
  }

  async #deliver(index: number): Promise<void> {
    const { target, attempts } = this.#targets[index] as OccurrenceTarget;
    const { coordinator, signal } = this.#parts;
    await jitter(coordinator, this.#schedule.spec.limits.jitterMs, this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    try {
      const id = await this.#begin(target, attempts);
      if (id === undefined) return;
      if (this.#cancelled) await stopUntyped(coordinator, [id], { signal });
      const delivery = await this.#follow(id, index);
      if (delivery) this.#note(index, delivery);
    } catch (error) {
      const why = this.#known(error);
      // What never became a delivery was not typed.
      this.#set(index, { status: why.reason === "internal" ? "failed" : "refused", reason: why.reason, detail: why.message });
    }
  }

  /** Id of the slot's delivery: the one that has its key already, else a new one; undefined where none is to be begun. */
  async #begin(target: TargetAddress, attempt: number): Promise<string | undefined> {
    const { coordinator } = this.#parts;
    const { id, spec } = this.#schedule;
    const only = spec.targets.length === 1 && !spec.select && !spec.sessions;
    const key = slotKey(id, this.#occurrence.slot, { address: only ? "" : addressKey(target), attempt });
    const known = coordinator.store.find(key);
    if (known) return (await coordinator.runner.settled(known)).id;
    if (this.#cancelled) return undefined;
    // After a loss of power the slot is run again, with the same key, and the node's journal says what became of it.
    return beginDelivery(coordinator, { key, target, prompt: spec.prompt, options: { ...spec.options, waitFor: "delivered" }, principal: this.#schedule.principal, caller: `schedule:${id}` });
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
    const { spec } = (status === "delivered" ? undefined : schedules.find(this.#schedule.id)) ?? this.#schedule;
    // It was given another time meanwhile: this one is not tried again.
    const over = status === "delivered" || differs(spec, this.#schedule.spec, whenKeys);
    const again = over ? undefined : retryAt(this.#schedule, refusal ? [] : this.#targets, this.#occurrence.startedAt ?? now, now);
    const targets = again && differs(spec, this.#schedule.spec, whereKeys) ? this.#targets.filter((target) => !canRetry(target)) : this.#targets;
    schedules.finish(this.#occurrence, { ...outcome, status, targets, retryAt: again }, now);
  }

  #known(error: unknown): DispatchError {
    const known = error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error });
    if (known.reason === "internal") this.#parts.coordinator.log.error({ error, schedule: this.#schedule.id }, "a slot failed");
    return known;
  }
}

function differs(a: ScheduleSpec, b: ScheduleSpec, keys: readonly (keyof ScheduleSpec)[]): boolean {
  return keys.some((key) => stringify(a[key] ?? null) !== stringify(b[key] ?? null));
}
