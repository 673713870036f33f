import * as z from "zod";
import { diagnoseText, fleetSummaryJson, recoveryJson, triageJson } from "../index.js";
import { addressOf, targetInput } from "./schemas.js";
import { tool } from "./tool.js";

export const triageTool = tool({
  name: "dispatch_triage",
  title: "What is wrong with a pane",
  description: "What is wrong with a pane, and what would be safe to do with a prompt. Looks only; types nothing.",
  readOnly: true,
  input: { ...targetInput, noQueue: z.boolean().optional().describe("Do not count the agent's own queue as a way."), noExcerpt: z.boolean().optional().describe("Without the end of the screen."), excerptChars: z.int().min(1).max(4000).optional().describe("Default: 1200.") },
  output: { status: z.string(), action: z.looseObject({ kind: z.string() }) },
  async run({ noQueue, noExcerpt, excerptChars, ...named }, { client, signal }) {
    return { result: triageJson(await (await client()).triage({ target: addressOf(named), allowQueue: !noQueue, excerptChars: noExcerpt ? 0 : excerptChars, signal })) };
  },
});

export const recover = tool({
  name: "dispatch_recover",
  title: "Get an agent going again",
  description: "Plans what would get an agent going again with a prompt; with apply, does it by a normal send, never forced.",
  readOnly: false,
  input: { ...targetInput, prompt: z.string().describe("The prompt."), apply: z.boolean().optional().describe("Send it, where that is safe."), noQueue: z.boolean().optional().describe("Do not use the agent's own queue."), key: z.string().optional().describe("Idempotency key.") },
  output: { status: z.string() },
  async run({ prompt, apply, noQueue, key, ...named }, { client, signal }) {
    const result = await (await client()).recover({ target: addressOf(named), prompt, apply, allowQueue: !noQueue, key, signal });
    return { result: recoveryJson(result), failed: !["planned", "applied"].includes(result.status) };
  },
});

export const selfHealDiagnose = tool({
  name: "dispatch_self_heal_diagnose",
  title: "What kind of failure a text tells of",
  description: "Reads the text alone: looks at no pane and changes nothing.",
  readOnly: true,
  input: { text: z.string().describe("Such as the last lines of a log.") },
  output: { classification: z.string(), confidence: z.number() },
  run: async ({ text }) => ({ result: { ...(await diagnoseText(text)) } }),
});

export const fleetSummaryTool = tool({
  name: "dispatch_fleet_summary",
  title: "How all agents stand",
  description: "Every agent as working, idle, stuck, error or blocked, those first that need a look.",
  readOnly: true,
  input: { targets: z.array(z.string()).optional().describe("Only what fits one of these; * and ? are wildcards."), machine: z.string().optional().describe("Only this machine."), server: z.string().optional().describe("Only this tmux server."), limit: z.int().min(1).max(200).optional().describe("Default: 50.") },
  output: { schemaVersion: z.string() },
  run: async (asked, { client, signal }) => ({ result: fleetSummaryJson(await (await client()).fleetSummary({ ...asked, signal })) }),
});
