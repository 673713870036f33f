/** So many at once; others wait for their turn, in the order in which they came. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Resolves, when it is one's turn, to what ends it. A turn that is ended twice ends once. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      // Whoever comes next takes this place over.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }
}
