import { gradually } from "../../core/async/gradually.js";
import type { Clock } from "../../core/clock.js";
import type { UnansweredMachine } from "../../core/domain/fleet.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { NodeCall, NodeClient } from "./node-client.js";

/** A machine that takes longer is told as one that does not answer, where all are asked. */
const askMs = 5_000;
/** So long one is waited for whose connection is being made. */
const connectMs = 1_000;

export interface Answers<T> {
  readonly answers: readonly T[];
  readonly unanswered: readonly UnansweredMachine[];
}

/** Asks all nodes, and waits for none before the next. One that does not answer holds up nobody and is named; the only one there is fails as a call to it would. */
export async function askAll<T>(nodes: readonly NodeClient[], clock: Clock, call: NodeCall, ask: (node: NodeClient, call: NodeCall) => Promise<T>): Promise<Answers<T>> {
  const mayStart = gradually();
  const askOne = async (node: NodeClient): Promise<T> => {
    if (nodes.length === 1) return ask(node, call);
    if (!(await node.settled(connectMs))) throw new DispatchError("node_unreachable", node.failure || undefined);
    await mayStart();
    const latest = clock.now().getTime() + askMs;
    return ask(node, { ...call, deadline: new Date(Math.min(latest, call.deadline?.getTime() ?? latest)) });
  };
  const told = await Promise.allSettled(nodes.map(askOne));
  const [answers, unanswered]: [T[], UnansweredMachine[]] = [[], []];
  for (const [index, one] of told.entries()) {
    if (one.status === "fulfilled") answers.push(one.value);
    else if (nodes.length === 1) throw one.reason;
    else {
      const error = one.reason instanceof DispatchError ? one.reason : new DispatchError("internal", undefined, { cause: one.reason });
      unanswered.push({ machine: nodes[index]?.machine ?? "", reason: error.reason, detail: error.message });
    }
  }
  return { answers, unanswered };
}
