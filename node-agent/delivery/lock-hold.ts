import type { PaneLocks } from "./pane-locks.js";

/** One holder's grip on one lock: may be let go and taken again, and letting go twice is letting go once. */
export class LockHold {
  readonly #locks: PaneLocks;
  readonly #name: string;
  #release: (() => void) | undefined;

  constructor(locks: PaneLocks, name: string) {
    this.#locks = locks;
    this.#name = name;
  }

  get isTaken(): boolean {
    return this.#locks.isHeld(this.#name);
  }

  async take(signal: AbortSignal): Promise<void> {
    this.#release ??= await this.#locks.acquire(this.#name, signal);
  }

  readonly letGo = (): void => {
    this.#release?.();
    this.#release = undefined;
  };
}
