import { setMaxListeners } from "node:events";
import type { Clock } from "../../core/clock.js";
import type { Occurrence, Schedule, SchedulerStatus } from "../../core/domain/schedule.js";
import type { Log } from "../../core/log.js";
import type { Coordinator } from "../coordinator.js";
import type { Claimed, ClaimRequest, ScheduleStore } from "../store/schedule-store.js";
import { OccurrenceRun } from "./occurrence-run.js";
import type { Scheduling } from "./scheduling.js";
import type { Waker } from "./waker.js";

/** However the clock is changed and however long the machine sleeps, what is due is noticed so soon: timers alone count neither. */
export const recheckMs = 1_000;
const leaseMs = 60_000;
const renewMs = 20_000;
/** Slots that are claimed at once. */
const batchSize = 50;
/** Starts come before the steps of what is under way, but after so long others get their turn. */
const turnMs = 100;
/** The wall clock went another way than time did. */
const jumpMs = 2_000;

interface RunningSlot {
  readonly schedule: string;
  readonly run: OccurrenceRun;
  readonly done: Promise<void>;
}

export interface SchedulerParts {
  readonly schedules: ScheduleStore;
  readonly clock: Clock;
  readonly waker: Waker;
  readonly log: Log;
  /** Names this process in leases. */
  readonly owner: string;
}

/**
 * Runs every slot that is due, once:
 *   woken (the next due time, the re-check, a change) → rows for all that is due, claimed with a lease → run → woken …
 * At the start it takes up what an earlier process had claimed: the lock of the state folder says that it is gone.
 */
export class Scheduler implements Scheduling {
  readonly #parts: SchedulerParts;
  readonly #closing = new AbortController();
  readonly #running = new Map<string, RunningSlot>();
  #coordinator: Coordinator | undefined;
  #stopRecheck: () => void = () => undefined;
  #stopNext: () => void = () => undefined;
  #renewedAt = 0;
  #wall = 0;
  #monotonic = 0;
  #armedFor: number | undefined;
  #lastTickAt: Date | undefined;
  #lastTickError = "";

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    // One listener per slot that runs.
    setMaxListeners(0, this.#closing.signal);
  }

  start(coordinator: Coordinator): void {
    const { clock } = this.#parts;
    this.#coordinator = coordinator;
    this.#mark();
    this.#renewedAt = clock.monotonicMs();
    this.#guarded(() => {
      this.#parts.schedules.regrid(clock.now());
      this.#takeOver("all");
    });
    this.tick();
    this.#recheck();
  }

  tick(): void {
    if (this.#closing.signal.aborted || !this.#coordinator) return;
    this.#stopNext();
    const began = this.#parts.clock.monotonicMs();
    const full = this.#guarded(() => {
      let claimed: Claimed[];
      do {
        claimed = this.#parts.schedules.claimDue(this.#claim());
        for (const one of claimed) this.#run(one);
      } while (claimed.length === batchSize && this.#parts.clock.monotonicMs() - began < turnMs);
      return claimed.length === batchSize;
    });
    this.#lastTickAt = this.#parts.clock.now();
    if (full) this.#stopNext = this.#parts.clock.after(0, () => this.tick());
    else this.#arm();
  }

  async restOf({ scheduleId, slot }: Occurrence, { forMs, signal }: { forMs: number; signal: AbortSignal }): Promise<void> {
    const running = this.#running.get(nameOf(scheduleId, slot))?.done;
    if (!running) return;
    let forget = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      forget = this.#parts.clock.after(forMs, resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([running, late]).finally(forget);
  }

  stop(scheduleId: string): void {
    for (const { schedule, run } of this.#running.values()) if (schedule === scheduleId) run.cancel();
  }

  status(): SchedulerStatus {
    const { schedules } = this.#parts;
    // For the status of the process, which holds nothing of any prompt.
    const silent = <S extends Schedule>(schedule: S): S => ({ ...schedule, promptPreview: "" });
    const next = schedules.next();
    return {
      schedules: schedules.counts(), nextDue: schedules.nextDue(), next: next && silent(next), lastTickAt: this.#lastTickAt, lastTickError: this.#lastTickError,
      recentFailures: schedules.recentFailures(5).map(silent),
    };
  }

  /** What is under way is left as it is, for the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopRecheck();
    this.#stopNext();
    this.#parts.waker.cancel();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #run(claimed: Claimed): void {
    const { clock, schedules, log } = this.#parts;
    const { scheduleId, slot } = claimed.occurrence;
    const name = nameOf(scheduleId, slot);
    if (this.#running.has(name) || !this.#coordinator) return;
    const run = new OccurrenceRun({ schedules, clock, coordinator: this.#coordinator, signal: this.#closing.signal }, claimed);
    const done = run.toEnd()
      .catch((error: unknown) => log.error({ error, schedule: scheduleId, slot }, "a slot could not be recorded; it is taken up again"))
      .finally(() => {
        this.#running.delete(name);
        // It may have let a waiting one go, or be due once more.
        this.#arm();
      });
    this.#running.set(name, { schedule: scheduleId, run, done });
  }

  #recheck(): void {
    this.#stopRecheck = this.#parts.clock.after(recheckMs, () => {
      this.#watchClock();
      this.#guarded(() => {
        if (this.#parts.clock.monotonicMs() - this.#renewedAt >= renewMs) this.#renew();
        this.#takeOver("expired");
      });
      this.tick();
      this.#recheck();
    });
  }

  /** A clock that was set back would leave loops without a slot until it is where it was. */
  #watchClock(): void {
    const { clock, schedules, log } = this.#parts;
    const jumpedMs = clock.now().getTime() - this.#wall - (clock.monotonicMs() - this.#monotonic);
    this.#mark();
    if (Math.abs(jumpedMs) < jumpMs) return;
    const regridded = this.#guarded(() => schedules.regrid(clock.now()));
    this.#armedFor = undefined;
    log.info({ jumpedMs: Math.round(jumpedMs), regridded }, "the clock was set, or the machine slept");
  }

  #mark(): void {
    this.#wall = this.#parts.clock.now().getTime();
    this.#monotonic = this.#parts.clock.monotonicMs();
  }

  #renew(): void {
    this.#parts.schedules.renew(this.#parts.owner, this.#claim().leaseUntil);
    this.#renewedAt = this.#parts.clock.monotonicMs();
  }

  #takeOver(which: "all" | "expired"): void {
    const limit = which === "all" ? Number.MAX_SAFE_INTEGER : batchSize;
    for (const one of this.#parts.schedules.takeOver({ ...this.#claim(), limit }, which)) this.#run(one);
  }

  #claim(): ClaimRequest {
    const now = this.#parts.clock.now();
    return { now, owner: this.#parts.owner, leaseUntil: new Date(now.getTime() + leaseMs), limit: batchSize };
  }

  /** The waker is for precision; should it fail, the re-check comes. */
  #arm(): void {
    if (this.#closing.signal.aborted) return;
    // After a failure the re-check comes soon enough.
    if (this.#lastTickError !== "") return;
    const next = this.#guarded(() => this.#parts.schedules.nextDue());
    if (next?.getTime() === this.#armedFor) return;
    this.#armedFor = next?.getTime();
    if (!next) return this.#parts.waker.cancel();
    this.#parts.waker.wakeAt(next, () => {
      this.#armedFor = undefined;
      this.tick();
    });
  }

  /** A store that fails (a full disk) must not end the scheduler: the next look tries again, and the status says so. */
  #guarded<T>(action: () => T): T | undefined {
    try {
      const result = action();
      this.#lastTickError = "";
      return result;
    } catch (error) {
      this.#lastTickError = (error as Error).message;
      this.#parts.log.error({ error }, "the scheduler could not look for what is due");
      return undefined;
    }
  }
}

function nameOf(scheduleId: string, slot: Date): string {
  return `${scheduleId}/${slot.getTime()}`;
}
