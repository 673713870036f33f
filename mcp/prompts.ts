import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { GetPromptResult } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";

const say = (text: string): GetPromptResult => ({ messages: [{ role: "user", content: { type: "text", text } }] });

/** The common jobs, as prompts that a person can pick. */
export function addPrompts(server: McpServer): void {
  server.registerPrompt("delegate", { title: "Hand a task to another agent", description: "Sends a task to an agent in a pane, waits for its answer, and reports it.", argsSchema: { target: z.string(), task: z.string() } }, ({ target, task }) =>
    say(`Hand this task to the agent at ${target} with dispatch_send (waitFor "finished", timeoutSeconds 1800), then tell me its answer and whether it was proven that it took the task. If it was refused, tell me the reason and what would help; type nothing else.\n\nTask:\n${task}`));
  server.registerPrompt("check-fleet", { title: "How do all agents stand?", description: "Looks at every agent and names those that need a person." }, () =>
    say("Call dispatch_fleet_summary. Tell me in a few lines which agents work, which are idle, and which need a look and why. For those that are stuck or in error call dispatch_triage. Type nothing into any of them."));
  server.registerPrompt("recover", { title: "Get an agent going again", description: "Finds out what is wrong with an agent and proposes what is safe.", argsSchema: { target: z.string() } }, ({ target }) =>
    say(`Call dispatch_triage for ${target}. Tell me what is wrong. If a prompt can safely go in, propose one and call dispatch_recover without apply; apply it only when I say so.`));
  server.registerPrompt("broadcast", { title: "Ask all agents of a kind", description: "One prompt for many agents; the results in a table.", argsSchema: { agent: z.string().describe("Such as claude."), prompt: z.string() } }, ({ agent, prompt }) =>
    say(`Send the following to every idle agent of the kind ${agent} with one call of dispatch_send (select {agent: ${JSON.stringify(agent)}, state: "idle"}, waitFor "delivered"), then show a table of target, status and reason.\n\n${prompt}`));
}
