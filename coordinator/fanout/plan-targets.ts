import { addressKey, type BulkRequest } from "../../core/domain/bulk.js";
import { selects } from "../../core/domain/selector.js";
import type { DetectedTarget } from "../../core/domain/detection.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { isPattern } from "../../core/domain/target-address.js";
import { wildcard } from "../../core/text/wildcard.js";
import type { Coordinator } from "../coordinator.js";
import { askAll } from "../nodes/ask-all.js";
import type { NodeCall, NodeClient } from "../nodes/node-client.js";
import { namesOfPane } from "./names-of-pane.js";

interface Chosen {
  readonly chosen: readonly DetectedTarget[];
  /** All among which they were chosen. */
  readonly all: readonly DetectedTarget[];
}
type Sources = Pick<BulkRequest, "targets" | "select" | "sessions">;

/** The targets of a bulk, each once: named (or fitting a named pattern), then selected, then those of the sessions registry. */
export async function planTargets(coordinator: Coordinator, { targets, select, sessions }: Sources, call: NodeCall): Promise<TargetAddress[]> {
  const { nodes } = coordinator;
  const planned = new Map<string, TargetAddress>();
  const add = (target: TargetAddress): void => {
    // A machine has one name here, so that its limits hold whatever it was called.
    const named = { ...target, machine: nodes.find(target.machine)?.machine ?? target.machine };
    const key = addressKey(named);
    if (!planned.has(key)) planned.set(key, named);
  };
  const addPanes = ({ chosen, all }: Chosen): void => {
    const before = [...planned.values()];
    for (const pane of chosen) if (!before.some((named) => isSame(named, pane, all))) add(addressOf(pane));
  };
  for (const target of targets) {
    if (isPattern(target)) addPanes(await fitting(coordinator, target, call));
    else add(target);
  }
  if (select) addPanes(await selected(coordinator, select, call));
  if (sessions) {
    const { machine } = nodes.forMachine(sessions.machine);
    for (const target of await nodes.forMachine(sessions.machine).listSessions(sessions.query, call)) add({ ...target, machine: target.machine || machine });
  }
  return [...planned.values()];
}

/** Panes whose name fits `machine/pane` with its wildcards; one that bears it as it stands is meant alone. */
async function fitting(coordinator: Coordinator, { machine, server, pane }: TargetAddress, call: NodeCall): Promise<Chosen> {
  const all = await ask(coordinator, coordinator.nodes.matching(machine), call, (node, each) => node.listTargets(server, each));
  const exactly = all.filter(({ target }) => namesOfPane(target).includes(pane));
  const fits = wildcard(pane);
  return { all, chosen: exactly.length > 0 ? exactly : all.filter(({ target }) => namesOfPane(target).some((name) => fits.test(name))) };
}

async function selected(coordinator: Coordinator, select: NonNullable<Sources["select"]>, call: NodeCall): Promise<Chosen> {
  const { nodes } = coordinator;
  const told = await ask(coordinator, select.machine ? nodes.matching(select.machine) : nodes.all(), call, async (node, each) => {
    const [{ home }, found] = await Promise.all([node.describe(each), node.listTargets(select.server ?? "", each)]);
    return found.map((pane) => ({ pane, home }));
  });
  // The machine's name was matched already, an alias may have been meant.
  const chosen = told.filter(({ pane, home }) => selects({ ...select, machine: "" }, pane, home));
  return { all: told.map(({ pane }) => pane), chosen: chosen.map(({ pane }) => pane) };
}

/** A machine that does not answer has no panes to choose from; it is in the log, and in `dispatch nodes`. */
async function ask<T>({ clock, log }: Coordinator, nodes: readonly NodeClient[], call: NodeCall, panesOf: (node: NodeClient, call: NodeCall) => Promise<T[]>): Promise<T[]> {
  const { answers, unanswered } = await askAll(nodes, clock, call, panesOf);
  if (unanswered.length > 0) log.warn({ machines: unanswered.map(({ machine }) => machine) }, "machines did not answer when targets were looked for");
  return answers.flat();
}

/** Whether an address that was named leads to this pane; a window or session with several panes leads to none of them. */
function isSame(named: TargetAddress, { target }: DetectedTarget, all: readonly DetectedTarget[]): boolean {
  if (named.machine !== target.machine || (named.server !== "" && named.server !== target.server) || !namesOfPane(target).includes(named.pane)) return false;
  const bearers = all.filter((other) => other.target.machine === target.machine && other.target.server === target.server && namesOfPane(other.target).includes(named.pane));
  return bearers.length === 1;
}

function addressOf({ target: { machine, server, paneId } }: DetectedTarget): TargetAddress {
  return { machine, server, pane: paneId };
}
