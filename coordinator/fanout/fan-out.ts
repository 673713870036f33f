import { afterTurns } from "../../core/clock.js";
import type { BulkLimits } from "../../core/domain/bulk.js";

/** Calls back when the next piece of work may start. */
export type Pace = (next: () => void) => void;

export interface Pacing {
  /** Lies between two starts; by default what comes back is told before the next go out. */
  readonly between?: Pace | undefined;
  /** Calls back when the first few have been waited for long enough; gives back what ends the wait. Without it they are not waited for. */
  readonly patience?: ((over: () => void) => () => void) | undefined;
}

/** So many are started before one of them has ended: the first result is told at once, and not behind the steps of all others. */
const first = 4;
/** So many are started together after that: what they have to write goes to the disk at once. */
const together = 8;

/**
 * Runs one piece of work per item, in order, within the limits: a machine that is at its own limit is passed over, so that it holds up
 * nobody else. Resolves when all that was started has ended; what had not been started when the signal aborted never is.
 */
export function fanOut<T>(
  items: readonly T[], machineOf: (item: T) => string, limits: Pick<BulkLimits, "maxConcurrency" | "perMachine">, signal: AbortSignal,
  work: (item: T, index: number) => Promise<void>, { between, patience }: Pacing = {},
): Promise<void> {
  const waiting = items.map((item, index) => ({ item, index, machine: machineOf(item) }));
  const running = new Map<string, number>();
  let [active, started, ended] = [0, 0, 0];
  let isPatient = patience !== undefined;
  const betweenStarts = between ?? ((next) => (ended > 0 && started % together !== 0 ? next() : afterTurns(next)));
  const most = (): number => (isPatient && ended === 0 ? Math.min(first, limits.maxConcurrency) : limits.maxConcurrency);
  return new Promise((resolve, reject) => {
    const endPatience = patience?.(() => {
      isPatient = false;
      startSoon();
    });
    const finish = (machine: string): void => {
      active--;
      ended++;
      running.set(machine, (running.get(machine) ?? 1) - 1);
      startSoon();
      endWhereDone();
    };
    let willStart = false;
    const startSoon = (): void => {
      if (willStart) return;
      willStart = true;
      betweenStarts(() => {
        willStart = false;
        startNext();
      });
    };
    const startNext = (): void => {
      if (signal.aborted) waiting.length = 0;
      const at = active < most() ? waiting.findIndex(({ machine }) => (running.get(machine) ?? 0) < limits.perMachine) : -1;
      const [next] = at < 0 ? [] : waiting.splice(at, 1);
      if (next) {
        active++;
        started++;
        running.set(next.machine, (running.get(next.machine) ?? 0) + 1);
        work(next.item, next.index).then(() => finish(next.machine), reject);
        startSoon();
      }
      endWhereDone();
    };
    const endWhereDone = (): void => {
      if (active > 0 || waiting.length > 0) return;
      endPatience?.();
      resolve();
    };
    signal.addEventListener("abort", startNext, { once: true });
    startNext();
  });
}
