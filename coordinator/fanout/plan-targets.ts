import { addressKey, type BulkRequest } from "../../core/domain/bulk.js";
import { selects } from "../../core/domain/selector.js";
import type { TargetAddress } from "../../core/domain/target.js";
import type { Coordinator } from "../coordinator.js";
import { askAll } from "../nodes/ask-all.js";
import type { NodeCall } from "../nodes/node-client.js";

/** The targets of a bulk, each once: named, then selected, then those of the sessions registry. */
export async function planTargets(coordinator: Coordinator, request: Pick<BulkRequest, "targets" | "select" | "sessions">, call: NodeCall): Promise<TargetAddress[]> {
  const { nodes } = coordinator;
  const planned = new Map<string, TargetAddress>();
  const add = (target: TargetAddress): void => {
    const key = addressKey(target);
    if (!planned.has(key)) planned.set(key, target);
  };
  request.targets.forEach(add);
  const { select, sessions } = request;
  if (select) {
    for (const target of await selected(coordinator, select, call)) add(target);
  }
  if (sessions) {
    const { machine } = nodes.forMachine(sessions.machine);
    for (const target of await nodes.forMachine(sessions.machine).listSessions(sessions.query, call)) add({ ...target, machine: target.machine || machine });
  }
  return [...planned.values()];
}

/** A machine that does not answer has no panes to select; it is in the log, and in `dispatch nodes`. */
async function selected({ nodes, clock, log }: Coordinator, select: NonNullable<BulkRequest["select"]>, call: NodeCall): Promise<TargetAddress[]> {
  const asked = select.machine ? nodes.matching(select.machine) : nodes.all();
  const { answers, unanswered } = await askAll(asked, clock, call, async (node, each) => {
    const [{ home }, found] = await Promise.all([node.describe(each), node.listTargets(select.server ?? "", each)]);
    // The name was matched already, an alias may have been meant.
    return found.filter((target) => selects({ ...select, machine: "" }, target, home));
  });
  if (unanswered.length > 0) log.warn({ machines: unanswered.map(({ machine }) => machine) }, "machines did not answer to a selector");
  return answers.flat().map(({ target }) => ({ machine: target.machine, server: target.server, pane: target.paneId }));
}
