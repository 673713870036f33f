import type { Occurrence, SchedulerStatus } from "../../core/domain/schedule.js";

/** What RPCs need of the scheduler. */
export interface Scheduling {
  /** Looks for what is due; called whenever something may have become so. */
  tick(): void;
  /** Resolves when this run is not under way (any more), at the latest after `forMs`. */
  restOf(occurrence: Occurrence, options: { forMs: number; signal: AbortSignal }): Promise<void>;
  /** No further target of its runs is sent to: it was cancelled, or removed. */
  stop(scheduleId: string): void;
  status(): SchedulerStatus;
}
