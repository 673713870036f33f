/** The one door to time, so that tests can hold it still. */
export interface Clock {
  now(): Date;
  /** Monotonic milliseconds. */
  monotonicMs(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels. The timer never keeps the process alive. */
  after(delayMs: number, action: () => void): () => void;
}

/** A timer of Node holds 31 bits; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(delayMs, action) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, longestTimerMs);
      timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : action()), stepMs);
      timer.unref();
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, and keeps the process alive until then: for a program that waits for nothing else meanwhile. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, delayMs); });
}

/** Calls back once this turn of the event loop has dealt with what had arrived. It is no time, and no clock holds it still. */
export function afterTurn(action: () => void): void {
  setImmediate(action);
}

/** Calls back two turns of the event loop later: what has arrived by then is dealt with first. */
export function afterTurns(action: () => void): void {
  afterTurn(() => afterTurn(action));
}
