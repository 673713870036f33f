import type { Clock } from "../../core/clock.js";
import type { DeliveryStep, DeliveryUpdate, WaitFor } from "../../core/domain/delivery.js";
import type { Journal } from "../store/journal.js";
import type { EntryChange, JournalEntry } from "../store/journal-entry.js";

/** Steps after which nothing more will be seen. */
const endings: ReadonlySet<DeliveryStep> = new Set(["refused", "unconfirmed", "withdrawn", "failed", "cancelled", "expired"]);

export interface StepExtras {
  readonly reason?: string;
  readonly evidence?: DeliveryUpdate["evidence"];
  readonly detection?: DeliveryUpdate["detection"];
  readonly answer?: string;
  readonly change?: EntryChange;
}

/** Writes the steps of deliveries to the journal and tells those who listen, in that order. */
export class DeliveryLog {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  entry(id: string): JournalEntry {
    return this.#journal.entry(id);
  }

  /** Adds one step. Steps that end a delivery otherwise than with proof, which can be had again, wait for the disk. */
  step(id: string, step: DeliveryStep, detail: string, extras: StepExtras = {}): void {
    const at = this.#clock.now();
    const { change, ...told } = extras;
    const sequence = this.entry(id).delivery.steps.length + 1;
    const update: DeliveryUpdate = { deliveryId: id, sequence, step, at, detail, reason: "", ...told };
    const ended = endings.has(step);
    this.#journal.record(id, update, { detail, ...change, ...(ended ? { phase: "ended" } : {}) }, at, ended);
    this.#tell(id);
  }

  /** Changes the entry without a step. */
  change(id: string, change: EntryChange): void {
    this.#journal.record(id, undefined, change, this.#clock.now(), false);
    if (change.phase !== undefined) this.#tell(id);
  }

  listen(id: string, listener: () => void): () => void {
    const set = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#listeners.delete(id);
    };
  }

  #tell(id: string): void {
    for (const listener of this.#listeners.get(id) ?? []) listener();
  }
}

/** Is there nothing more to wait for, for a caller who waits so far? */
export function isSettled({ delivery, phase }: JournalEntry, waitFor: WaitFor | "end"): boolean {
  if (phase === "ended" || waitFor === "accepted") return true;
  return waitFor === "delivered" && (delivery.status === "delivered" || (delivery.status === "queued" && delivery.options.onBusy !== "refuse"));
}
