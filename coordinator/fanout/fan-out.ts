import type { BulkLimits } from "../../core/domain/bulk.js";

/**
 * Runs one piece of work per item, in order, within the limits: a machine that is at its own limit is passed over, so that it holds up
 * nobody else. Resolves when all that was started has ended; what had not been started when the signal aborted never is.
 */
export function fanOut<T>(items: readonly T[], machineOf: (item: T) => string, limits: Pick<BulkLimits, "maxConcurrency" | "perMachine">, signal: AbortSignal, work: (item: T, index: number) => Promise<void>): Promise<void> {
  const waiting = items.map((item, index) => ({ item, index, machine: machineOf(item) }));
  const running = new Map<string, number>();
  let active = 0;
  return new Promise((resolve, reject) => {
    const finish = (machine: string): void => {
      active--;
      running.set(machine, (running.get(machine) ?? 1) - 1);
      startAll();
    };
    const startAll = (): void => {
      if (signal.aborted) waiting.length = 0;
      while (active < limits.maxConcurrency) {
        const at = waiting.findIndex(({ machine }) => (running.get(machine) ?? 0) < limits.perMachine);
        const [next] = at < 0 ? [] : waiting.splice(at, 1);
        if (!next) break;
        active++;
        running.set(next.machine, (running.get(next.machine) ?? 0) + 1);
        work(next.item, next.index).then(() => finish(next.machine), reject);
      }
      if (active === 0 && waiting.length === 0) resolve();
    };
    signal.addEventListener("abort", startAll, { once: true });
    startAll();
  });
}
