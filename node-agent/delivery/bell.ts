import type { Clock } from "../../core/clock.js";

/** Turns events into wake-ups of one waiter. A ring while nobody waits is kept for the next wait. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  readonly ring = (): void => {
    this.#rung = true;
    this.#wake?.();
  };

  /** The next wait is for a ring that is yet to come. */
  forget(): void {
    this.#rung = false;
  }

  /** Resolves at the next ring, or after `maxMs`; rejects with the signal's reason. */
  async wait(clock: Clock, maxMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#rung) {
      await new Promise<void>((resolve, reject) => {
        const cancelTimer = clock.after(Math.max(0, maxMs), () => this.#wake?.());
        const abort = (): void => {
          finish();
          reject(signal.reason as Error);
        };
        const finish = (): void => {
          cancelTimer();
          signal.removeEventListener("abort", abort);
          this.#wake = undefined;
        };
        this.#wake = () => {
          finish();
          resolve();
        };
        signal.addEventListener("abort", abort, { once: true });
      });
    }
    this.#rung = false;
  }
}
