import { scheduleJob, type Job } from "node-schedule";
import type { Clock } from "../../core/clock.js";
import type { Waker } from "./waker.js";

/** Wakes us by node-schedule. What is due, SQLite alone knows. */
export class NodeScheduleWaker implements Waker {
  readonly #clock: Clock;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wakeAt(at: Date, action: () => void): void {
    this.#cancel();
    // A time that has just passed makes no job.
    const job: Job | null = scheduleJob(at, action);
    this.#cancel = job ? () => void job.cancel() : this.#clock.after(0, action);
  }

  cancel(): void {
    this.#cancel();
  }
}
