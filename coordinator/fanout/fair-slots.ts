export interface SlotLimits {
  readonly total: number;
  readonly perMachine: number;
}

interface Waiter {
  readonly machine: string;
  readonly start: () => void;
}

/**
 * Slots for work that runs at once, in all and on one machine. Callers take turns, so that one with a thousand waiting holds up no other;
 * of one caller the first that waits for a machine with room goes next.
 */
export class FairSlots {
  readonly #limits: SlotLimits;
  /** Callers in the order of their turns; of each the waiting ones in order, by machine. */
  readonly #waiting = new Map<string, Map<string, Waiter[]>>();
  readonly #running = new Map<string, number>();
  #total = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /** Resolves to what gives the slot back; rejects with the signal's reason. A slot given back twice counts once. */
  acquire(caller: string, machine: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const abort = (): void => {
        this.#forget(caller, waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        machine,
        start: () => {
          signal.removeEventListener("abort", abort);
          resolve(this.#take(machine));
        },
      };
      signal.addEventListener("abort", abort, { once: true });
      const machines = this.#waiting.get(caller) ?? new Map<string, Waiter[]>();
      this.#waiting.set(caller, machines);
      const queue = machines.get(machine);
      if (queue) queue.push(waiter);
      else machines.set(machine, [waiter]);
      this.#startNext();
    });
  }

  #take(machine: string): () => void {
    this.#total++;
    this.#running.set(machine, this.#on(machine) + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#total--;
      const left = this.#on(machine) - 1;
      if (left === 0) this.#running.delete(machine);
      else this.#running.set(machine, left);
      this.#startNext();
    };
  }

  #startNext(): void {
    while (this.#total < this.#limits.total) {
      const next = this.#next();
      if (!next) return;
      next.start();
    }
  }

  #next(): Waiter | undefined {
    for (const [caller, machines] of this.#waiting) {
      for (const [machine, waiters] of machines) {
        if (this.#on(machine) >= this.#limits.perMachine) continue;
        const waiter = waiters.shift();
        if (waiters.length === 0) machines.delete(machine);
        // Its next turn comes after everyone else's.
        this.#waiting.delete(caller);
        if (machines.size > 0) this.#waiting.set(caller, machines);
        return waiter;
      }
    }
    return undefined;
  }

  #forget(caller: string, waiter: Waiter): void {
    const machines = this.#waiting.get(caller);
    const rest = (machines?.get(waiter.machine) ?? []).filter((other) => other !== waiter);
    if (rest.length > 0) machines?.set(waiter.machine, rest);
    else machines?.delete(waiter.machine);
    if (machines?.size === 0) this.#waiting.delete(caller);
  }

  #on(machine: string): number {
    return this.#running.get(machine) ?? 0;
  }
}
