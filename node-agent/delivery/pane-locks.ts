/** First come, first served locks by name. A waiter that gives up leaves the line. */
export class PaneLocks {
  readonly #lines = new Map<string, (() => void)[]>();

  /** Resolves with the release function once the lock is ours; rejects with the signal's reason when it fires first. */
  acquire(name: string, signal: AbortSignal): Promise<() => void> {
    const line = this.#lines.get(name) ?? [];
    this.#lines.set(name, line);
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(() => this.#leave(name, turn));
      };
      const leave = (): void => {
        this.#leave(name, turn);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener("abort", leave, { once: true });
      line.push(turn);
      if (line.length === 1) turn();
    });
  }

  isHeld(name: string): boolean {
    return this.#lines.has(name);
  }

  #leave(name: string, turn: () => void): void {
    const line = this.#lines.get(name);
    const place = line?.indexOf(turn) ?? -1;
    if (!line || place < 0) return;
    line.splice(place, 1);
    if (line.length === 0) this.#lines.delete(name);
    else if (place === 0) line[0]?.();
  }
}
