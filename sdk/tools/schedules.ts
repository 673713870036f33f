import * as z from "zod";
import { withGoalPrefix } from "../../core/domain/goal-prefix.js";
import { catchUpPolicies, overlapPolicies, scheduleStatuses } from "../../core/domain/schedule.js";
import { deliveryJson, DispatchError, occurrenceJson, scheduleJson, type DispatchClient, type ScheduleRequest } from "../index.js";
import { addressOf, listOf, listOutput, targetInput } from "./schemas.js";
import { tool, type ToolResult } from "./tool.js";

const defaultLimit = 20;
const scheduleOutput = { id: z.string(), kind: z.string(), status: z.string(), warnings: z.array(z.string()).optional() };
const common = {
  ...targetInput,
  prompt: z.string().describe("The prompt."),
  goal: z.boolean().optional().describe("Send it as a goal of the agent (/goal …)."),
  name: z.string().optional().describe("A name, to be used in place of the id."),
  ifIdle: z.boolean().optional().describe("A busy agent: refuse (the default)."), queue: z.boolean().optional().describe("A busy agent: use its own queue."),
  forceActive: z.boolean().optional().describe("A busy agent: type it all the same; never through a dialog, never over a draft."), whenIdle: z.boolean().optional().describe("A busy agent: keep the prompt until it is idle."),
  timeZone: z.string().optional().describe("IANA zone of plain times and of cron. Default: that of this program."),
  start: z.string().optional().describe("No run before this time."), end: z.string().optional().describe("No run after this time."), maxRuns: z.int().min(1).optional().describe("Over after so many runs."), jitter: z.number().min(0).optional().describe("Start each run up to so many ms later."),
  overlap: z.enum(overlapPolicies).optional().describe("A run while the one before is under way. Default: skip."),
  catchUp: z.enum(catchUpPolicies).optional().describe("Runs that were missed. Default: last."),
  pauseAfterFailures: z.int().min(0).optional().describe("Pause after so many failures in a row."),
};
type Common = z.infer<z.ZodObject<typeof common>>;

async function create(client: DispatchClient, asked: Common, timing: Pick<ScheduleRequest, "at" | "in" | "cron" | "every">, signal: AbortSignal): Promise<ToolResult> {
  const { prompt, goal, name, timeZone, start, end, maxRuns, jitter, overlap, catchUp, pauseAfterFailures } = asked;
  const busy = ([["queue", asked.queue], ["force", asked.forceActive], ["when_idle", asked.whenIdle], ["refuse", asked.ifIdle]] as const).filter(([, given]) => given).map(([word]) => word);
  if (busy.length > 1) throw new DispatchError("invalid_argument", "queue: only one of ifIdle, queue, whenIdle and forceActive can be given.", { metadata: { field: "queue" } });
  const request: ScheduleRequest = {
    ...timing, targets: [addressOf(asked)], prompt: goal ? withGoalPrefix(prompt) : prompt, name, timeZone, start, end, maxRuns, jitterMs: jitter,
    policy: { ...(overlap && { overlap }), ...(catchUp && { catchUp }), ...(pauseAfterFailures !== undefined && { pauseAfterFailures }) },
    ...(busy[0] && { onBusy: busy[0] }), ...(goal && { command: true }),
  };
  const { schedule, warnings } = await client.schedules.create(request, { catchUp: catchUp !== undefined && catchUp !== "none", signal });
  return { result: { ...scheduleJson(schedule), ...(warnings.length > 0 && { warnings }) } };
}

export const schedule = tool({
  name: "dispatch_schedule",
  title: "Send a prompt later",
  description: "Once (at, in) or again and again (cron, every). Give exactly one of the four. Each slot is sent at most once, whatever crashes.",
  readOnly: false,
  input: {
    ...common, at: z.string().optional().describe("RFC 3339, or a local time such as 2026-11-24 09:00."), in: z.string().optional().describe("Such as 30m."),
    cron: z.string().optional().describe("Five fields, or such as @daily."), every: z.string().optional().describe("Such as 5m."),
  },
  output: scheduleOutput,
  run: async ({ at, in: delay, cron, every, ...asked }, { client, signal }) => create(await client(), asked, { at, in: delay, cron, every }, signal),
});

export const loop = tool({
  name: "dispatch_loop",
  title: "Send a prompt again and again",
  description: "Every so often until it is cancelled. A run that is due while the one before is under way is skipped.",
  readOnly: false,
  input: { ...common, every: z.string().describe("Such as 5m.") },
  output: scheduleOutput,
  run: async ({ every, ...asked }, { client, signal }) => create(await client(), asked, { every }, signal),
});

const listInput = { status: z.enum(scheduleStatuses).optional().describe("Only this status."), limit: z.int().min(1).max(1000).optional().describe("How many. Default: 20.") };

export const schedules = tool({
  name: "dispatch_schedules",
  title: "List schedules",
  description: "Schedules and loops, newest first, without their prompts.",
  readOnly: true,
  input: { ...listInput, kind: z.enum(["schedule", "loop"]).optional().describe("Only this kind.") },
  output: listOutput,
  async run({ status, kind, limit = defaultLimit }, { client, signal }) {
    return { result: listOf((await (await client()).schedules.list({ status, kind, limit, signal })).map(scheduleJson), { limit, verbose: true }) };
  },
});

export const loops = tool({
  name: "dispatch_loops",
  title: "List loops",
  description: "Loops, newest first, without their prompts.",
  readOnly: true,
  input: listInput,
  output: listOutput,
  async run({ status, limit = defaultLimit }, { client, signal }) {
    return { result: listOf((await (await client()).schedules.list({ status, kind: "loop", limit, signal })).map(scheduleJson), { limit, verbose: true }) };
  },
});

const id = { id: z.string().describe("Id or name.") };

export const cancel = tool({
  name: "dispatch_cancel",
  title: "End a schedule, or stop a delivery",
  description: "Ends a schedule; or stops a delivery whose submit key was not pressed yet.",
  readOnly: false,
  destructive: true,
  idempotent: true,
  input: { id: z.string().describe("Id or name of the schedule; id or key of the delivery.") },
  output: { cancelled: z.boolean() },
  async run({ id: which }, { client, signal }) {
    const connected = await client();
    try {
      const { delivery, cancelled } = await connected.cancel(which, { signal });
      return { result: { cancelled, id: delivery.id, status: deliveryJson(delivery)["status"] } };
    } catch (error) {
      if (!(error instanceof DispatchError) || error.reason !== "delivery_not_found") throw error;
      return { result: { cancelled: true, ...scheduleJson(await connected.schedules.cancel(which, { signal })) } };
    }
  },
});

export const pause = tool({
  name: "dispatch_pause", title: "Hold a schedule", description: "Nothing is sent until it is resumed; what is under way goes on.", readOnly: false, idempotent: true, input: id, output: { paused: z.boolean() },
  run: async ({ id: which }, { client, signal }) => ({ result: { paused: true, ...scheduleJson(await (await client()).schedules.pause(which, { signal })) } }),
});

export const resume = tool({
  name: "dispatch_resume", title: "Go on with a schedule", description: "From its next slot on.", readOnly: false, idempotent: true, input: id, output: { resumed: z.boolean() },
  run: async ({ id: which }, { client, signal }) => ({ result: { resumed: true, ...scheduleJson(await (await client()).schedules.resume(which, { signal })) } }),
});

export const clear = tool({
  name: "dispatch_clear", title: "Remove a schedule", description: "With its slots and its prompt. Deliveries that it made are kept.", readOnly: false, destructive: true, idempotent: true, input: id, output: { cleared: z.boolean() },
  async run({ id: which }, { client, signal }) {
    await (await client()).schedules.clear(which, { signal });
    return { result: { cleared: true, id: which } };
  },
});

export const runNow = tool({
  name: "dispatch_run_now", title: "Run a schedule now", description: "Once, beside its slots, and tells what became of it.", readOnly: false, input: id, output: { status: z.string() },
  async run({ id: which }, { client, signal }) {
    const run = await (await client()).schedules.runNow(which, { signal });
    return { result: occurrenceJson(run), failed: run.status === "failed" };
  },
});
