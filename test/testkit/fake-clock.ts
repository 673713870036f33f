import type { Clock } from "../../core/clock.js";

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/**
 * Time that a test moves. Timers count monotonic time, as those of a real machine do: setting the wall clock, or sleeping through it,
 * fires none.
 */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: Date | string) {
    this.#wall = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#wall);
  }

  monotonicMs(): number {
    return this.#monotonic;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#monotonic + Math.max(0, delayMs), action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Somebody sets the wall clock. */
  setWall(to: Date | string | number): void {
    this.#wall = new Date(to).getTime();
  }

  /** The lid is closed: the wall goes on, nothing else does. */
  suspend(ms: number): void {
    this.#wall += ms;
  }

  /** Forgets every timer: their process is gone. */
  forgetTimers(): void {
    this.#timers.clear();
  }

  /** Lets time pass; after each timer `settle` waits for what it set going. */
  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#pass(next.at - this.#monotonic);
      next.action();
      await settle();
    }
    this.#pass(end - this.#monotonic);
  }

  #pass(ms: number): void {
    this.#monotonic += ms;
    this.#wall += ms;
  }
}
