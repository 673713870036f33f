import * as z from "zod";
import { systemClock } from "../../core/clock.js";
import { environment } from "../../core/config/environment.js";
import { deliveryKinds } from "../../core/domain/delivery.js";
import { occurrenceStatuses } from "../../core/domain/schedule.js";
import { selects } from "../../core/domain/selector.js";
import { findDeliveryOrSchedule } from "../find-delivery-or-schedule.js";
import { deliveryExitCode, deliveryJson, deliveryStatuses, DispatchError, nodeJson, occurrenceJson, scheduleJson, targetJson, type DispatchClient } from "../index.js";
import { addressOf, compactDelivery, compactSchedule, compactTarget, delivery, listOf, listOutput, selector, targetInput, verbose } from "./schemas.js";
import { tool } from "./tool.js";

/** Of a delivery, or of a schedule, whose words are fewer. */
const found = z.object(delivery).partial().extend({ detail: z.string().nullable().optional(), error: z.string().optional() }).shape;
const defaultLimit = 20;

async function lookUp(client: DispatchClient, id: string, all: boolean | undefined): Promise<Record<string, unknown>> {
  try {
    const one = await findDeliveryOrSchedule(client, id);
    return "delivery" in one ? compactDelivery(deliveryJson(one.delivery), all) : compactSchedule(scheduleJson(one.schedule), all);
  } catch (error) {
    // Asking for what is not there is no failure of the question.
    if (error instanceof DispatchError && error.reason === "delivery_not_found") return { error: "not found", id };
    throw error;
  }
}

export const status = tool({
  name: "dispatch_status",
  title: "Look a delivery or schedule up",
  description: "Where one delivery stands, or one schedule.",
  readOnly: true,
  input: { id: z.string().describe("Id or key of the delivery; id or name of the schedule."), verbose },
  output: found,
  run: async ({ id, verbose: all }, { client }) => ({ result: await lookUp(await client(), id, all) }),
});

export const show = tool({
  name: "dispatch_show",
  title: "Everything about a delivery or schedule",
  description: "A delivery with its steps and its evidence, or a schedule with its next slots.",
  readOnly: true,
  input: { id: z.string().describe("Id or key of the delivery; id or name of the schedule."), verbose },
  output: found,
  run: async ({ id, verbose: all = true }, { client }) => ({ result: await lookUp(await client(), id, all) }),
});

export const list = tool({
  name: "dispatch_list",
  title: "List deliveries",
  description: "Deliveries, newest first.",
  readOnly: true,
  input: {
    status: z.enum(deliveryStatuses).optional().describe("Only this status."), kind: z.enum(deliveryKinds).optional().describe("Only this kind."), machine: z.string().optional().describe("Only this machine."),
    limit: z.int().min(1).max(1000).optional().describe("How many. Default: 20."), verbose,
  },
  output: listOutput,
  async run({ status: only, kind, machine, limit = defaultLimit, verbose: all }, { client, signal }) {
    const deliveries = await (await client()).list({ ...(only && { status: only }), ...(kind && { kind }), ...(machine && { machine }), limit, signal });
    return { result: listOf(deliveries.map((one) => compactDelivery(deliveryJson(one), all)), { limit, verbose: all }) };
  },
});

export const targets = tool({
  name: "dispatch_targets",
  title: "List panes",
  description: "Every tmux pane with what is in it: which agent, in which state, whether it takes a prompt now, and why we say so.",
  readOnly: true,
  input: { machine: z.string().optional().describe("Only this machine; * and ? are wildcards."), server: z.string().optional().describe("Only this tmux server: socket path or -L name."), select: selector.optional(), limit: z.int().min(1).max(1000).optional().describe("At most so many."), verbose },
  output: { ...listOutput, unanswered: z.array(z.looseObject({})).optional() },
  async run({ machine = "", server = "", select = {}, limit, verbose: all }, { client, signal }) {
    const unanswered: unknown[] = [];
    const panes = await (await client()).targets({ machine, server, signal, onUnanswered: (one) => unanswered.push(one) });
    const fitting = panes.filter((pane) => selects(select, pane, environment["HOME"] ?? "")).slice(0, limit);
    return { result: { ...listOf(fitting.map((pane) => compactTarget(targetJson(pane), all)), { limit, verbose: all }), ...(unanswered.length > 0 && { unanswered }) } };
  },
});

export const nodes = tool({
  name: "dispatch_nodes",
  title: "List machines",
  description: "The machines of the fleet, whether they answer, and their agents by state.",
  readOnly: true,
  input: {},
  output: listOutput,
  run: async (_input, { client, signal }) => ({ result: listOf((await (await client()).fleet.nodes({ countAgents: true, signal })).map(nodeJson), { verbose: true }) }),
});

export const occurrences = tool({
  name: "dispatch_occurrences",
  title: "What became of each slot of a schedule",
  description: "One row for each time that the schedule was due, latest first: delivered, skipped, missed, failed, and why.",
  readOnly: true,
  input: { id: z.string().describe("Id or name of the schedule."), status: z.enum(occurrenceStatuses).optional().describe("Only this status."), limit: z.int().min(1).max(1000).optional().describe("How many. Default: 20.") },
  output: listOutput,
  async run({ id, status: only, limit = defaultLimit }, { client, signal }) {
    return { result: listOf((await (await client()).schedules.occurrences(id, { status: only, limit, signal })).map(occurrenceJson), { limit, verbose: true }) };
  },
});

export const wait = tool({
  name: "dispatch_wait",
  title: "Wait for a delivery",
  description: "Waits until a delivery has its end, or with until=finished until the agent's turn is over, and gives the agent's answer. Types nothing.",
  readOnly: true,
  input: {
    id: z.string().describe("Id or key of the delivery."), until: z.enum(["delivered", "finished"]).optional().describe("Default: finished."),
    timeoutSeconds: z.number().positive().max(86_400).optional().describe("Default: 300. What is known then is given all the same."), verbose,
  },
  output: found,
  async run({ id, until = "finished", timeoutSeconds = 300, verbose: all }, { client, signal, progress }) {
    const connected = await client();
    const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
    for await (const { step, detail } of connected.follow(id, { waitFor: until, signal: stop })) progress(`${step}: ${detail}`);
    const now = await connected.get(id);
    return { result: compactDelivery(deliveryJson(now), all), failed: deliveryExitCode(now) !== 0 };
  },
});

export const watch = tool({
  name: "dispatch_watch",
  title: "Wait for an agent to change",
  description: "Waits until an agent is in one of the states, such as idle or dialog, or until it changes at all. Types nothing.",
  readOnly: true,
  input: {
    ...targetInput,
    states: z.array(z.string()).min(1).optional().describe("idle, draft, busy, queued, menu, dialog, copy_mode, wedged, exited, unknown. Default: any other than now."),
    timeoutSeconds: z.number().positive().max(86_400).optional().describe("Default: 300."),
  },
  output: { changed: z.boolean(), waitedMs: z.number(), target: z.string(), machine: z.string(), agentKind: z.string(), state: z.string() },
  async run({ states, timeoutSeconds = 300, ...named }, { client, signal, progress }) {
    const connected = await client();
    const began = systemClock.monotonicMs();
    const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
    let first: string | undefined;
    let last: Record<string, unknown> | undefined;
    for await (const event of connected.watch(addressOf(named), { signal: stop })) {
      const { state } = event.detection;
      last = compactTarget(targetJson(event), false);
      progress(state);
      const isThere = event.gone || (states ? states.includes(state) : first !== undefined && state !== first);
      if (isThere) return { result: { ...last, changed: true, waitedMs: Math.round(systemClock.monotonicMs() - began) } };
      first ??= state;
    }
    if (!last) throw new DispatchError("no_answer", "Nothing was heard of the pane in that time.");
    return { result: { ...last, changed: false, waitedMs: Math.round(systemClock.monotonicMs() - began) } };
  },
});
