import type { BulkLimits } from "../../core/domain/bulk.js";
import type { Coordinator } from "../coordinator.js";
import type { Pace } from "./fan-out.js";

/** What lies between two starts of many; undefined for the default. */
export function paceOf({ clock }: Pick<Coordinator, "clock">, { staggerMs = 0 }: BulkLimits): Pace | undefined {
  return staggerMs > 0 ? (next) => void clock.after(staggerMs, next) : undefined;
}

/** Waits for up to so long, or until the signal aborts. */
export function jitter({ clock }: Pick<Coordinator, "clock">, upToMs: number, signal: AbortSignal): Promise<void> {
  if (upToMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const go = (): void => {
      cancel();
      signal.removeEventListener("abort", go);
      resolve();
    };
    const cancel = clock.after(Math.random() * upToMs, go);
    signal.addEventListener("abort", go);
  });
}
