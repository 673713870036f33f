import { JournalUnwritable } from "../store/journal.js";
import type { JournalEntry } from "../store/journal-entry.js";
import { concludeError } from "./conclude.js";
import { DeliveryRun } from "./delivery-run.js";
import { resumeDelivery } from "./resume-delivery.js";
import { Stopped, type RunContext } from "./run-context.js";

/** One delivery from its journal entry, wherever an earlier life left it, to its end. */
export async function runDelivery(context: RunContext, entry: JournalEntry, admitted: () => void): Promise<void> {
  const run = new DeliveryRun(context, entry.address, admitted);
  try {
    await (entry.phase === "open" ? run.begin() : resumeDelivery(context, entry, run));
  } catch (error) {
    // There is no use in writing an end into a journal that takes nothing.
    if (error instanceof JournalUnwritable) throw error;
    // A node that stops leaves its deliveries open: the next one goes on with them.
    if (!(error instanceof Stopped && error.why === "shutdown")) concludeError(context, run.progress, error);
  } finally {
    admitted();
    run.close();
  }
}
