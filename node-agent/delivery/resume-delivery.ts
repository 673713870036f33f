import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { JournalEntry } from "../store/journal-entry.js";
import { concludeProof } from "./conclude.js";
import { isUnsentInPane } from "./late-proof.js";
import { recordOfPlan } from "./open-record.js";
import { readRecordOnce } from "./prove.js";
import type { RunContext } from "./run-context.js";
import type { DeliveryRun } from "./delivery-run.js";
import { isSameAgent, type Sight } from "./sight.js";

/**
 * Goes on with a delivery that an earlier life of this node left. In this order it asks:
 * 1. the record: does it hold the text since the baseline? Then it was delivered, unless the pane still shows it unsent.
 * 2. the pane: tmux set our mark in the very step in which it pasted or pressed, so the pane itself tells whether that happened.
 * 3. the composer: what is parked is pressed.
 *
 * The window that stays open: tmux has written the bytes and the agent ends before it reads or records them. Then nobody can know,
 * and the delivery ends `unconfirmed`.
 */
export async function resumeDelivery(context: RunContext, entry: JournalEntry, run: DeliveryRun): Promise<void> {
  const { plan, pasted } = entry;
  const adapter = plan && context.adapterOf(plan.agentKind);
  if (!plan || pasted === undefined || !entry.delivery.target || !adapter) return run.begin();
  run.progress = "left";
  const record = await recordOfPlan(context, adapter, plan);
  const queued = entry.delivery.status === "queued";
  // Before the record is read: the same text may wait to be typed into another agent.
  if (!queued) await run.lockText(record, pasted);
  const finding = await readRecordOnce(record, plan, pasted);
  const proven = entry.delivery.status === "delivered";
  if (proven || (finding.match && !(await isUnsentInPane(context, record, entry)))) {
    if (finding.match && !proven) concludeProof(context, plan, { end: "delivered", finding });
    if (context.options.waitFor === "finished") await run.followTurn(record, plan, pasted);
    return;
  }

  const pane = await run.resolve({ machine: "", server: entry.delivery.target.server, pane: entry.delivery.target.paneId });
  // What the agent holds in its queue is only looked at, so others may type meanwhile.
  if (queued) run.admit();
  else await run.lock(pane);
  const seen = await pane.see();
  if (!seen.agent || !isSameAgent(seen, plan.process)) {
    throw new DispatchError("pane_changed", "The agent that the text was typed into has ended, and its record does not hold the text.");
  }
  const agent = seen.agent;
  if (entry.phase !== "typing") {
    return run.prove(pane, agent, record, plan, pasted, pressesThatHappened(entry, seen));
  }
  if (seen.screen.typedMark === context.id) return run.park(pane, agent, record, plan, pasted);
  if (seen.screen.typedMark !== plan.previousMark) {
    throw new DispatchError("not_parked", "The node was stopped while typing, and something else has been typed into the pane since.");
  }
  run.letGoOfAll();
  run.progress = "untouched";
  context.log.change(context.id, { phase: "open" });
  return run.begin();
}

function pressesThatHappened(entry: JournalEntry, seen: Sight): number {
  const { presses, id } = entry.delivery;
  if (entry.phase !== "pressing" || seen.screen.pressedMark === `${id}:${presses}`) return presses;
  return Math.max(0, presses - 1);
}

