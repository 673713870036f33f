import type { AgentAdapter } from "../agents/agent-adapter.js";
import type { AgentRecord, ProofsOfOthers, RecordContext } from "../records/agent-record.js";
import type { TypingPlan } from "../store/journal-entry.js";
import { sha256 } from "./prove.js";
import type { DeliveryDeps } from "./run-context.js";

/** `id` is the delivery's. */
type Deps = Pick<DeliveryDeps, "facts" | "clock" | "journal"> & { readonly id: string };

/** The record of an agent as its own environment names it, with what was proven before about who writes which. */
export async function openRecord(deps: Deps, adapter: AgentAdapter, agent: Pick<RecordContext, "process" | "tree" | "environment" | "knownSession">): Promise<AgentRecord> {
  const { facts, clock, journal } = deps;
  const { pid, started } = agent.process;
  return adapter.openRecord({ ...agent, facts, clock, knownRecord: journal.knownRecord(pid, started), foreignRecords: await foreignRecords(deps, pid, started), proofsOfOthers: proofsOfOthers(deps) });
}

/** The record as it was found when the prompt was typed; its process may be gone by now. */
export function recordOfPlan(deps: Deps, adapter: AgentAdapter, plan: TypingPlan): Promise<AgentRecord> {
  return openRecord(deps, adapter, { process: plan.process, tree: [plan.process], environment: new Map(Object.entries(plan.environment)), knownSession: plan.sessionId });
}

/** What proved other deliveries than this one, as the journal knows. */
export function proofsOfOthers({ journal, id }: Pick<Deps, "journal" | "id">): ProofsOfOthers {
  return (locator, text) => journal.proofsOfOthers(id, locator, sha256(text));
}

/** Records that other agents, which are alive, were proven to write. */
async function foreignRecords({ facts, journal }: Deps, pid: number, started: bigint): Promise<ReadonlySet<string>> {
  const records = new Set<string>();
  for (const other of journal.otherRecords(pid, started)) {
    if ((await facts.started(other.agentPid)) === other.agentStarted) records.add(other.record);
    else journal.forgetRecord(other.agentPid, other.agentStarted);
  }
  return records;
}
