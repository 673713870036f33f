import * as z from "zod";
import { deliveryExitCode, deliveryJson } from "../../sdk/index.js";
import { addressOf, delivery, targetInput } from "../schemas.js";
import { tool } from "../tool.js";

export const send = tool({
  name: "dispatch_send",
  title: "Send a prompt to an agent",
  description: "Types a prompt into the coding agent in a tmux pane and proves from the agent's own record that it has it. Nothing is typed into shells, dialogs or busy agents; the reason then says why.",
  readOnly: false,
  input: {
    ...targetInput,
    prompt: z.string().describe("The prompt."),
    key: z.string().optional().describe("Idempotency key: the same key again joins or replays the delivery and never types twice."),
    waitFor: z.enum(["delivered", "finished", "accepted"]).optional().describe("How far to wait. finished also gives the agent's answer. Default: delivered."),
    timeoutSeconds: z.number().positive().optional().describe("Time for the whole delivery. Default: 60; with onBusy when_idle a day."),
    onBusy: z.enum(["refuse", "queue", "steer", "when_idle"]).optional().describe("A busy agent: refuse, use its own queue, steer the running turn, or wait until it is idle."),
    onDraft: z.enum(["wait", "refuse", "stash"]).optional().describe("Somebody's draft in the composer."),
    dryRun: z.boolean().optional().describe("Look at everything, type nothing."),
    noSubmit: z.boolean().optional().describe("Type it and leave it in the composer."),
    command: z.boolean().optional().describe("The text is a command of the agent, such as /compact."),
    strict: z.boolean().optional().describe("Refuse instead of changing the text."),
  },
  output: delivery,
  async run(client, { target, machine, server, timeoutSeconds, prompt, key, ...options }, signal) {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const done = await client.send({
      ...given, target: addressOf({ target, machine, server }), prompt, key, signal,
      ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
    });
    return { result: deliveryJson(done), failed: deliveryExitCode(done) !== 0 };
  },
});
