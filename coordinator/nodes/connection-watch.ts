import { connectivityState, type Client } from "@grpc/grpc-js";
import type { Clock } from "../../core/clock.js";

export interface ConnectionListener {
  readonly onConnected: () => void;
  /** Each time that an attempt has failed. */
  readonly onFailed: () => void;
}

/** Keeps a connection up and knows since when it stands or is lost. Events of the channel, no polling. */
export class ConnectionWatch {
  readonly #client: Client;
  readonly #clock: Clock;
  #isConnected = false;
  #hasFailed = false;
  #since: Date | undefined;
  readonly #listener: ConnectionListener;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(client: Client, clock: Clock, listener: ConnectionListener) {
    this.#client = client;
    this.#clock = clock;
    this.#listener = listener;
    this.#watch();
  }

  /** When it was connected, or lost, last; undefined before the first attempt has ended. */
  get since(): Date | undefined {
    return this.#since;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** The last attempt failed; not so while the first is under way. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Whether it stands. Where the first attempt is still under way it waits so long at most for its end. */
  async settled(withinMs: number): Promise<boolean> {
    if (!this.#isConnected && !this.#hasFailed && !this.#closed) await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        this.#waiting.delete(end);
        resolve();
      };
      const cancel = this.#clock.after(withinMs, end);
      this.#waiting.add(end);
    });
    return this.#isConnected;
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#waiting) end();
  }

  #watch(): void {
    if (this.#closed) return;
    const channel = this.#client.getChannel();
    // `true` connects again where the channel has gone idle.
    const state = channel.getConnectivityState(true);
    const isConnected = state === connectivityState.READY;
    if (isConnected !== this.#isConnected || (this.#since === undefined && state === connectivityState.TRANSIENT_FAILURE)) {
      this.#isConnected = isConnected;
      this.#since = this.#clock.now();
      if (isConnected) this.#listener.onConnected();
    }
    this.#hasFailed = !isConnected && (this.#hasFailed || state === connectivityState.TRANSIENT_FAILURE);
    if (state === connectivityState.TRANSIENT_FAILURE) this.#listener.onFailed();
    if (isConnected || this.#hasFailed) for (const end of this.#waiting) end();
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, (error) => {
      if (!error) this.#watch();
    });
  }
}
