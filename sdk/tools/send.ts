import { readFile } from "node:fs/promises";
import * as z from "zod";
import { onBusyWays, onDraftWays, waitLevels } from "../../core/domain/delivery.js";
import { withGoalPrefix } from "../../core/domain/goal-prefix.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { bulkJson, deliveryExitCode, deliveryJson, isBulkComplete, type DispatchClient, type SendRequest, type TargetAddress } from "../index.js";
import { defined } from "../../core/defined.js";
import { addressOf, compactDelivery, delivery, selector, sessionsInput, targetInput, verbose } from "./schemas.js";
import { tool, type ToolContext, type ToolResult } from "./tool.js";

const input = {
  ...targetInput,
  target: targetInput.target.optional(),
  targets: z.array(z.strictObject({ target: z.string(), machine: z.string().optional(), server: z.string().optional() })).min(1).max(1000).optional().describe("Many targets, each once; * and ? in them are wildcards."),
  select: selector.optional(),
  ...sessionsInput,
  prompt: z.string().optional().describe("The prompt."),
  promptFile: z.string().optional().describe("File on this program's machine that holds the prompt, in place of prompt."),
  key: z.string().optional().describe("Idempotency key: the same key again joins or replays the delivery and never types twice."),
  waitFor: z.enum(waitLevels).optional().describe("How far to wait. finished also gives the agent's answer. Default: delivered."),
  timeoutSeconds: z.number().positive().max(7 * 86_400).optional().describe("Time for the whole delivery. Default: 60; with onBusy when_idle a day."),
  onBusy: z.enum(onBusyWays).optional().describe("A busy agent: refuse, use its own queue, steer the running turn, or wait until it is idle."),
  ifIdle: z.boolean().optional().describe("onBusy refuse, by its older name."),
  queue: z.boolean().optional().describe("onBusy queue, by its older name."),
  forceActive: z.boolean().optional().describe("onBusy force, by its older name: never through a dialog, never over a draft."),
  onDraft: z.enum(onDraftWays).optional().describe("Somebody's draft in the composer."),
  submitKey: z.enum(["Enter", "Tab"]).optional().describe("Default: the key of the agent."),
  dryRun: z.boolean().optional().describe("Look at everything, type nothing."),
  submit: z.boolean().optional().describe("false: type it and leave it in the composer."),
  confirm: z.boolean().optional().describe("false: do not wait for proof; it is still looked for."),
  goal: z.boolean().optional().describe("Send it as a goal of the agent (/goal …)."),
  command: z.boolean().optional().describe("The text is a command of the agent, such as /compact."),
  strict: z.boolean().optional().describe("Refuse instead of changing the text."),
  mode: z.enum(["auto", "paste", "literal"]).optional().describe("literal types one line as keys instead of pasting it."),
  captureBeforeLines: z.int().min(0).max(2000).optional().describe("Lines of the pane, from before the prompt, to bring back."),
  delayMs: z.int().min(0).max(60_000).optional().describe("Least pause between paste and key."),
  retries: z.int().min(0).max(50).optional().describe("How often the key alone is pressed again where it was swallowed."),
  maxConcurrency: z.int().min(1).max(100).optional().describe("Many targets: so many at once. Default: 10."),
  perMachineLimit: z.int().min(1).max(100).optional().describe("Many targets: so many at once on one machine."),
  jitterMs: z.int().min(0).max(3_600_000).optional().describe("Many targets: each waits a random time of up to this."),
  staggerMs: z.int().min(0).max(3_600_000).optional().describe("Many targets: two start at least so far apart."),
  verbose,
};
type Input = z.infer<z.ZodObject<typeof input>>;

export const send = tool({
  name: "dispatch_send",
  title: "Send a prompt to agents",
  description: "Types a prompt into the coding agent in a tmux pane (target), or into many (targets, select, source), and proves from the agent's own record that it has it. Nothing is typed into shells, dialogs or busy agents; the reason then says why.",
  readOnly: false,
  readsFiles: ["promptFile"],
  input,
  output: z.object(delivery).partial().extend({ status: z.string(), detail: z.string().nullable().optional(), requested: z.number().optional(), records: z.array(z.looseObject(delivery)).optional() }).shape,
  async run(asked, context) {
    const client = await context.client();
    const prompt = await promptOf(asked);
    const options = optionsOf(asked);
    const many = (asked.targets ?? []).map(addressOf);
    if (asked.target === undefined && many.length === 0 && !asked.select && !asked.source) {
      throw new DispatchError("invalid_argument", "target: no target was named; give target, targets, select or source.", { metadata: { field: "target" } });
    }
    if (asked.target !== undefined && many.length === 0 && !asked.select && !asked.source) return sendOne(client, addressOf({ ...asked, target: asked.target }), prompt, options, asked, context);
    if (asked.target !== undefined) many.unshift(addressOf({ ...asked, target: asked.target }));
    return sendMany(client, many, prompt, options, asked, context);
  },
});

type Options = Omit<SendRequest, "target" | "prompt" | "key" | "signal">;

async function sendOne(client: DispatchClient, target: TargetAddress, prompt: string, options: Options, asked: Input, { signal, progress }: ToolContext): Promise<ToolResult> {
  const run = client.send({ ...options, target, prompt, key: asked.key, signal });
  try {
    for await (const { step, detail } of run) progress(`${step}: ${detail}`);
    const done = await run;
    return { result: compactDelivery(deliveryJson(done), asked.verbose), failed: deliveryExitCode(done) !== 0 };
  } catch (error) {
    // Whoever gives the call up wants nothing typed any more: what was not submitted yet is stopped in the node.
    if (signal.aborted) await client.cancel(run.key).catch(() => undefined);
    throw error;
  }
}

async function sendMany(client: DispatchClient, targets: TargetAddress[], prompt: string, options: Options, asked: Input, { signal, progress }: ToolContext): Promise<ToolResult> {
  const { maxConcurrency, perMachineLimit, jitterMs, staggerMs } = asked;
  const sessions = asked.source && { machine: asked.machine ?? "", query: asked.sessionsQuery ?? "" };
  const run = client.bulkSend({ ...options, targets, select: asked.select && (asked.machine === undefined ? asked.select : { machine: asked.machine, ...asked.select }), sessions, prompt, key: asked.key, limits: { maxConcurrency, perMachine: perMachineLimit, jitterMs, staggerMs }, signal });
  let [ended, total] = [0, 0];
  for await (const event of run) {
    if (event.type === "planned") total = event.targets.length;
    if (event.type === "result") progress(`${++ended} of ${total}: ${event.delivery.target?.target ?? event.delivery.requestedTarget} ${event.delivery.status}`);
  }
  const done = await run;
  const { records, ...counts } = bulkJson(done, run.request) as { records: Record<string, unknown>[] };
  return { result: { ...counts, records: records.map((record) => compactDelivery(record, asked.verbose)) }, failed: !isBulkComplete(done, asked.dryRun ?? false) };
}

async function promptOf({ prompt, promptFile, goal }: Input): Promise<string> {
  if ((prompt === undefined) === (promptFile === undefined)) throw new DispatchError("invalid_argument", "prompt: give prompt or promptFile, and not both.", { metadata: { field: "prompt" } });
  const text = prompt ?? (await readText(promptFile ?? ""));
  return goal ? withGoalPrefix(text) : text;
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw new DispatchError("unreadable_file", `promptFile: ${path} cannot be read as UTF-8 text. Nothing was typed.`, { metadata: { field: "promptFile", value: path }, cause: error });
  }
}

function optionsOf(asked: Input): Options {
  const { onBusy, ifIdle, queue, forceActive, submit, confirm, goal, timeoutSeconds, delayMs, submitKey, mode, ...rest } = asked;
  const { waitFor, onDraft, dryRun, command, strict, captureBeforeLines, retries } = rest;
  const busy = [onBusy, queue && "queue", forceActive && "force", ifIdle && "refuse"].filter((one): one is NonNullable<typeof onBusy> => Boolean(one));
  if (new Set(busy).size > 1) throw new DispatchError("invalid_argument", "onBusy: only one of onBusy, ifIdle, queue and forceActive can be given.", { metadata: { field: "onBusy" } });
  return defined({
    onBusy: busy[0], waitFor: waitFor ?? (confirm === false ? "submitted" as const : undefined), onDraft, dryRun, strict, captureBeforeLines, retries,
    command: command ?? (goal ? true : undefined), noSubmit: submit === false ? true : undefined, minKeyDelayMs: delayMs,
    submitKey: submitKey === undefined ? undefined : submitKey === "Tab" ? "tab" as const : "enter" as const, mode: mode === "literal" ? "literal" as const : undefined,
    timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
  });
}
