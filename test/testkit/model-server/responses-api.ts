import type { ServerResponse } from "node:http";
import { field, list, sendJson, startEvents, textField, userItems, type HistoryItem, type ModelApi, type ModelRequest } from "./model-api.js";
import type { Answer } from "./reply.js";

/** User items that Codex itself writes. */
const ownItem = /^\s*(<(environment_context|user_instructions|permissions|skills_instructions|turn_aborted|user_shell_command|apps_instructions)\b|# AGENTS\.md instructions)/;

/** Codex: POST /v1/responses. */
export const responsesApi: ModelApi = {
  name: "responses",
  matches: (path) => path.endsWith("/responses"),
  read(_path, body): ModelRequest {
    const input = list(field(body, "input"));
    // The person's text comes last; where it reads like one of the agent's own items, it is still the person's.
    const history = input.flatMap((item, index) => readItem(item, index === input.length - 1));
    return { purpose: list(field(body, "tools")).length > 0 ? "turn" : "title", session: textField(body, "prompt_cache_key"), history };
  },
  answerAside(response, _path, _body, purpose) {
    if (purpose === "title") return this.stream(response, { text: '{"title":"Session"}' });
    sendJson(response, 200, {});
  },
  stream(response, answer) {
    startEvents(response);
    for (const event of events(answer)) send(response, event);
    response.end();
  },
  error: (status) => ({ body: { error: { type: "server_error", code: String(status), message: "told to fail" } } }),
};

let counter = 0;

function* events(answer: Answer): Generator<{ type: string } & Record<string, unknown>> {
  const id = `resp_${++counter}`;
  const text = { id: `msg_${counter}`, type: "message", role: "assistant", content: [{ type: "output_text", text: answer.text, annotations: [] }] };
  const output: unknown[] = [text];
  yield { type: "response.created", response: { id } };
  yield { type: "response.output_item.added", output_index: 0, item: { ...text, content: [] } };
  yield { type: "response.output_text.delta", output_index: 0, content_index: 0, item_id: text.id, delta: answer.text };
  yield { type: "response.output_item.done", output_index: 0, item: text };
  if (answer.shell !== undefined) {
    const call = {
      id: `fc_${counter}`, type: "function_call", call_id: `call_${counter}`, name: "exec_command",
      arguments: JSON.stringify({ cmd: answer.shell, sandbox_permissions: "require_escalated", justification: "Needed" }),
    };
    output.push(call);
    yield { type: "response.output_item.done", output_index: 1, item: call };
  }
  if (answer.tool !== undefined) {
    const call = { id: `fc_${counter}`, type: "function_call", call_id: `call_${counter}`, namespace: `mcp__${answer.tool.server}`, name: answer.tool.name, arguments: JSON.stringify(answer.tool.input) };
    output.push(call);
    yield { type: "response.output_item.done", output_index: 1, item: call };
  }
  const usage = { input_tokens: 10, input_tokens_details: null, output_tokens: 10, output_tokens_details: null, total_tokens: 20 };
  yield { type: "response.completed", response: { id, output, usage } };
}

function send(response: ServerResponse, event: { type: string }): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function readItem(value: unknown, last: boolean): HistoryItem[] {
  const type = field(value, "type");
  if (type === "function_call" || type === "reasoning") return [{ role: "assistant", text: "", context: [] }];
  if (type === "function_call_output") return [{ role: "tool", text: "", context: [] }];
  if (type !== "message") return [];
  const role = field(value, "role");
  if (role === "assistant") return [{ role: "assistant", text: "", context: [] }];
  if (role !== "user") return [];
  const parts = list(field(value, "content")).filter((p) => field(p, "type") === "input_text").map((p) => textField(p, "text"));
  const texts = parts.filter((part) => last || !ownItem.test(part));
  return userItems(texts, last ? [] : parts.filter((part) => ownItem.test(part)));
}
