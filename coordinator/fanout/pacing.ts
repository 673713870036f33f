import type { BulkLimits } from "../../core/domain/bulk.js";
import type { Coordinator } from "../coordinator.js";
import type { Pacing } from "./fan-out.js";

/** What an agent at rest takes to have a prompt, and a machine that is there to answer. */
const firstMs = 50;

/** When many may start. */
export function paceOf({ clock }: Pick<Coordinator, "clock">, { staggerMs = 0 }: BulkLimits): Pacing {
  return staggerMs > 0 ? { between: (next) => void clock.after(staggerMs, next) } : { patience: (over) => clock.after(firstMs, over) };
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
