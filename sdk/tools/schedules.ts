import * as z from "zod";
import { defined } from "../../core/defined.js";
import { withGoalPrefix } from "../../core/domain/goal-prefix.js";
import { catchUpPolicies, overlapPolicies, scheduleKinds, scheduleStatuses } from "../../core/domain/schedule.js";
import { parseInterval } from "../../core/schedule/parse-interval.js";
import { deliveryJson, DispatchError, occurrenceJson, scheduleJson, type DispatchClient, type ScheduleChanges, type TimingRequest } from "../index.js";
import { addressOf, compactSchedule, listOf, listOutput, selector, sessionsInput, targetInput, verbose } from "./schemas.js";
import { tool, type ToolResult } from "./tool.js";

const defaultLimit = 20;
const scheduleOutput = { id: z.string(), kind: z.string(), status: z.string(), warnings: z.array(z.string()).optional() };
const rules = {
  ...targetInput,
  target: targetInput.target.optional(),
  select: selector.optional(),
  ...sessionsInput,
  goal: z.boolean().optional().describe("Send it as a goal of the agent (/goal …)."),
  name: z.string().optional().describe("A name, to be used in place of the id."),
  ifIdle: z.boolean().optional().describe("A busy agent: refuse (the default)."), queue: z.boolean().optional().describe("A busy agent: use its own queue."),
  forceActive: z.boolean().optional().describe("A busy agent: type it all the same; never through a dialog, never over a draft."), whenIdle: z.boolean().optional().describe("A busy agent: keep the prompt until it is idle."),
  timeZone: z.string().optional().describe("IANA zone of plain times and of cron. Default: that of this program."),
  start: z.string().optional().describe("No run before this time."), end: z.string().optional().describe("No run after this time."), maxRuns: z.int().min(1).optional().describe("Over after so many runs."), jitter: z.number().min(0).optional().describe("Start each run up to so many ms later."),
  overlap: z.enum(overlapPolicies).optional().describe("A run while the one before is under way. Default: skip."),
  catchUp: z.enum(catchUpPolicies).optional().describe("Runs that were missed. Default: last."),
  catchUpWindow: z.string().optional().describe("How late a missed run may still start, such as 1h."),
  retryEvery: z.string().optional().describe("Time between two tries where nothing was typed. Default: 1m."),
  retryFor: z.string().optional().describe("How long it is tried again, such as 1h."),
  pauseAfterFailures: z.int().min(0).optional().describe("Pause after so many failures in a row."),
  verbose,
};
const common = { ...rules, prompt: z.string().describe("The prompt.") };
const every = z.string().describe("Such as 5m.");
const timing = {
  at: z.string().optional().describe("RFC 3339, or a local time such as 2026-11-24 09:00."), in: z.string().optional().describe("Such as 30m."),
  cron: z.string().optional().describe("Five fields, or such as @daily."), every: every.optional(),
};
type Rules = z.infer<z.ZodObject<typeof rules>> & { readonly prompt?: string | undefined };

function changesOf(asked: Rules & TimingRequest): ScheduleChanges {
  const { target, machine, select, source, sessionsQuery, prompt, goal, jitter, overlap, catchUp, catchUpWindow, retryEvery, retryFor, pauseAfterFailures, ifIdle, queue, forceActive, whenIdle, server, verbose: _all, ...same } = asked;
  const busy = ([["queue", queue], ["force", forceActive], ["when_idle", whenIdle], ["refuse", ifIdle]] as const).filter(([, given]) => given).map(([word]) => word);
  if (busy.length > 1) throw new DispatchError("invalid_argument", "queue: only one of ifIdle, queue, whenIdle and forceActive can be given.", { metadata: { field: "queue" } });
  const ms = (text: string | undefined, field: string): number | undefined => (text === undefined ? undefined : parseInterval(text, field));
  return defined({
    ...same, prompt: prompt !== undefined && goal ? withGoalPrefix(prompt) : prompt, jitterMs: jitter,
    ...(target !== undefined && { targets: [addressOf({ target, machine, server })] }), select: select && (machine === undefined ? select : { machine, ...select }), ...(source && { sessions: { machine: machine ?? "", query: sessionsQuery ?? "" } }),
    policy: defined({ overlap, catchUp, catchUpWindowMs: ms(catchUpWindow, "catchUpWindow"), retryEveryMs: ms(retryEvery, "retryEvery"), retryWindowMs: ms(retryFor, "retryFor"), pauseAfterFailures }),
    onBusy: busy[0], command: goal ? true : undefined,
  });
}

/** A past `at` is meant where catching up is asked for. */
const isLateMeant = ({ catchUp }: Rules): boolean => catchUp !== undefined && catchUp !== "none";

async function create(client: DispatchClient, asked: z.infer<z.ZodObject<typeof common>> & TimingRequest, signal: AbortSignal): Promise<ToolResult> {
  if (asked.target === undefined && !asked.select && !asked.source) throw new DispatchError("invalid_argument", "target: no target was named; give target, select or source.", { metadata: { field: "target" } });
  const { schedule: made, warnings } = await client.schedules.create({ ...changesOf(asked), prompt: asked.goal ? withGoalPrefix(asked.prompt) : asked.prompt }, { catchUp: isLateMeant(asked), signal });
  return { result: { ...compactSchedule(scheduleJson(made), asked.verbose), ...(warnings.length > 0 && { warnings }) } };
}

export const schedule = tool({
  name: "dispatch_schedule",
  title: "Send a prompt later",
  description: "Once (at, in) or again and again (cron, every). Give exactly one of the four. Each slot is sent at most once, whatever crashes.",
  readOnly: false,
  input: { ...common, ...timing },
  output: scheduleOutput,
  run: async (asked, { client, signal }) => create(await client(), asked, signal),
});

export const loop = tool({
  name: "dispatch_loop",
  title: "Send a prompt again and again",
  description: "Every so often until it is cancelled. A run that is due while the one before is under way is skipped.",
  readOnly: false,
  input: { ...common, every },
  output: scheduleOutput,
  run: async (asked, { client, signal }) => create(await client(), asked, signal),
});

export const edit = tool({
  name: "dispatch_edit",
  title: "Change a schedule",
  description: "What is not named stays. A slot that is under way goes on as it was.",
  readOnly: false,
  idempotent: true,
  input: { id: z.string().describe("Id or name."), ...rules, prompt: common.prompt.optional(), ...timing },
  output: scheduleOutput,
  run: async ({ id: which, ...asked }, { client, signal }) => ({ result: compactSchedule(scheduleJson(await (await client()).schedules.edit(which, changesOf(asked), { catchUp: isLateMeant(asked), signal })), asked.verbose) }),
});

const listInput = { status: z.enum(scheduleStatuses).optional().describe("Only this status."), limit: z.int().min(1).max(1000).optional().describe("How many. Default: 20."), verbose };

export const schedules = tool({
  name: "dispatch_schedules",
  title: "List schedules",
  description: "Schedules and loops, newest first, without their prompts.",
  readOnly: true,
  input: { ...listInput, kind: z.enum(scheduleKinds).optional().describe("Only this kind.") },
  output: listOutput,
  async run({ status, kind, limit = defaultLimit, verbose: all }, { client, signal }) {
    return { result: listOf((await (await client()).schedules.list({ status, kind, limit, signal })).map((one) => compactSchedule(scheduleJson(one), all)), { limit, verbose: all }) };
  },
});

export const loops = tool({
  name: "dispatch_loops",
  title: "List loops",
  description: "Loops, newest first, without their prompts.",
  readOnly: true,
  input: listInput,
  output: listOutput,
  async run({ status, limit = defaultLimit, verbose: all }, { client, signal }) {
    return { result: listOf((await (await client()).schedules.list({ status, kind: "loop", limit, signal })).map((one) => compactSchedule(scheduleJson(one), all)), { limit, verbose: all }) };
  },
});

const id = { id: z.string().describe("Id or name."), verbose };

export const cancel = tool({
  name: "dispatch_cancel",
  title: "End a schedule, or stop a delivery",
  description: "Ends a schedule; or stops a delivery whose submit key was not pressed yet.",
  readOnly: false,
  destructive: true,
  idempotent: true,
  input: { id: z.string().describe("Id or name of the schedule; id or key of the delivery."), verbose },
  output: { cancelled: z.boolean() },
  async run({ id: which, verbose: all }, { client, signal }) {
    const connected = await client();
    try {
      const { delivery, cancelled } = await connected.cancel(which, { signal });
      return { result: { cancelled, id: delivery.id, status: deliveryJson(delivery)["status"] } };
    } catch (error) {
      if (!(error instanceof DispatchError) || error.reason !== "delivery_not_found") throw error;
      return { result: { cancelled: true, ...compactSchedule(scheduleJson(await connected.schedules.cancel(which, { signal })), all) } };
    }
  },
});

export const pause = tool({
  name: "dispatch_pause", title: "Hold a schedule", description: "Nothing is sent until it is resumed; what is under way goes on.", readOnly: false, idempotent: true, input: id, output: { paused: z.boolean() },
  run: async ({ id: which, verbose: all }, { client, signal }) => ({ result: { paused: true, ...compactSchedule(scheduleJson(await (await client()).schedules.pause(which, { signal })), all) } }),
});

export const resume = tool({
  name: "dispatch_resume", title: "Go on with a schedule", description: "From its next slot on.", readOnly: false, idempotent: true, input: id, output: { resumed: z.boolean() },
  run: async ({ id: which, verbose: all }, { client, signal }) => ({ result: { resumed: true, ...compactSchedule(scheduleJson(await (await client()).schedules.resume(which, { signal })), all) } }),
});

export const clear = tool({
  name: "dispatch_clear", title: "Remove a schedule", description: "With its slots and its prompt. Deliveries that it made are kept.", readOnly: false, destructive: true, idempotent: true, input: { id: id.id }, output: { cleared: z.boolean() },
  async run({ id: which }, { client, signal }) {
    await (await client()).schedules.clear(which, { signal });
    return { result: { cleared: true, id: which } };
  },
});

export const runNow = tool({
  name: "dispatch_run_now", title: "Run a schedule now", description: "Once, beside its slots, and tells what became of it.", readOnly: false, input: { id: id.id }, output: { status: z.string() },
  async run({ id: which }, { client, signal }) {
    const run = await (await client()).schedules.runNow(which, { signal });
    return { result: occurrenceJson(run), failed: run.status === "failed" };
  },
});
