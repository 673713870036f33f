import * as z from "zod";
import { deliveryExitCode, deliveryJson } from "../index.js";
import { readPolicyFile } from "./policy-file.js";
import { addressOf, compactDelivery, delivery, targetInput, verbose } from "./schemas.js";
import { tool } from "./tool.js";

export const exec = tool({
  name: "dispatch_exec",
  title: "Run a reviewed command in a shell",
  description: "Runs one simple command in a pane that shows a shell. What may run is decided by the built-in list and by a policy file of the folder that the operator configured; never by the caller.",
  readOnly: false,
  destructive: true,
  input: {
    ...targetInput,
    command: z.string().describe("One simple command, or cd PATH && COMMAND."),
    policyFile: z.string().optional().describe("Name of a policy in the operator's folder. A live command needs one that names the pane."),
    dryRun: z.boolean().default(false).describe("Judge it and show what would be typed; type nothing."),
    forceInterrupt: z.boolean().default(false).describe("Press C-c first, which gives up what is typed at the prompt."),
    wait: z.boolean().default(false).describe("Follow the command to its end and bring its output back, secrets taken out."),
    timeoutSeconds: z.number().positive().max(86_400).optional().describe("Default: 60."),
    verbose,
  },
  output: z.object(delivery).partial().shape,
  async run({ command, policyFile, dryRun, forceInterrupt, wait, timeoutSeconds, verbose: all, ...named }, { client, config, signal, progress }) {
    const policy = policyFile === undefined ? undefined : await readPolicyFile(config, policyFile);
    const connected = await client();
    const run = connected.exec({ target: addressOf(named), command, policy, dryRun, forceInterrupt, wait, ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }), signal });
    for await (const { step, detail } of run) progress(`${step}: ${detail}`);
    const done = await run;
    return { result: compactDelivery(deliveryJson(done), all), failed: deliveryExitCode(done) !== 0 };
  },
});
