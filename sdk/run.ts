import { AsyncQueue } from "../core/async/async-queue.js";

/** Something under way: a promise of how it ends, and an iterable of what is seen of it. It goes on whether anybody looks or not. */
export abstract class Run<Event, Result> implements PromiseLike<Result>, AsyncIterable<Event> {
  readonly #events = new AsyncQueue<Event>();
  #result: Promise<Result> | undefined;

  then<A = Result, B = never>(onDone?: ((result: Result) => A | PromiseLike<A>) | null, onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null): PromiseLike<A | B> {
    return this.#begun.then(onDone, onFailed);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    yield* this.#events;
    await this.#begun;
  }

  /** Called once, when the rest of the object is made. */
  protected begin(run: () => Promise<Result>): void {
    this.#result = run().finally(() => this.#events.end());
    // Whoever only iterates learns of the failure from the iteration.
    this.#result.catch(() => undefined);
  }

  protected tell(event: Event): void {
    this.#events.push(event);
  }

  get #begun(): Promise<Result> {
    if (!this.#result) throw new TypeError("a run is asked before it has begun");
    return this.#result;
  }
}
