import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { AgentRecord, RecordFinding } from "../records/agent-record.js";
import type { JournalEntry } from "../store/journal-entry.js";
import { recordOfPlan } from "./open-record.js";
import { readRecordOnce } from "./prove.js";
import type { DeliveryDeps } from "./run-context.js";
import { isUnsent } from "./type-prompt.js";

/** Proof that came after a delivery had ended unconfirmed; undefined where there is none, or where it proves another delivery. */
export async function findLateProof(deps: DeliveryDeps, entry: JournalEntry): Promise<RecordFinding | undefined> {
  const { plan, pasted, delivery } = entry;
  const adapter = plan && deps.adapterOf(plan.agentKind);
  if (delivery.status !== "unconfirmed" || !plan || !adapter || pasted === undefined) return undefined;
  const record = await recordOfPlan({ ...deps, id: delivery.id }, adapter, plan);
  const finding = await readRecordOnce(record, plan, pasted);
  if (!finding.match || deps.journal.provesAnother(delivery.id, finding.match.locator)) return undefined;
  // What was seen there while the pane still showed the text unsent came there another way.
  if (finding.match.locator === delivery.evidence?.locator) return undefined;
  return (await isUnsentInPane(deps, record, entry)) ? undefined : finding;
}

/** Whether the pane of an earlier delivery still shows its text unsent; one that is gone shows nothing. */
export async function isUnsentInPane(deps: Pick<DeliveryDeps, "resolve">, record: AgentRecord, { delivery, plan, pasted }: JournalEntry): Promise<boolean> {
  if (!delivery.target || !plan || pasted === undefined) return false;
  try {
    const pane = await deps.resolve({ machine: "", server: delivery.target.server, pane: delivery.target.paneId });
    return await isUnsent(pane, record, plan, pasted, delivery.options.command);
  } catch (error) {
    if (error instanceof DispatchError) return false;
    throw error;
  }
}
