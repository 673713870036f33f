import type { ServerResponse } from "node:http";
import { field, list, sendJson, startEvents, textField, userItems, type HistoryItem, type ModelApi, type ModelRequest } from "./model-api.js";
import type { Answer } from "./reply.js";

/** Parts that Claude Code puts beside the person's text. */
const ownPart = /^\s*<(system-reminder|local-command-caveat|command-name|local-command-stdout|bash-stdout|bash-stderr)\b/;

/** Claude Code: POST /v1/messages. */
export const anthropicApi: ModelApi = {
  name: "anthropic",
  matches: (path) => path.endsWith("/v1/messages") || path.endsWith("/v1/messages/count_tokens"),
  read(path, body, headers): ModelRequest {
    const history = list(field(body, "messages")).flatMap(readMessage);
    const purpose = path.endsWith("/count_tokens") ? "count" : list(field(body, "tools")).length > 0 ? "turn" : "title";
    return { purpose, session: String(headers["x-claude-code-session-id"] ?? ""), history };
  },
  answerAside(response, _path, body, purpose) {
    if (purpose === "count") return sendJson(response, 200, { input_tokens: 100 });
    const answer = { text: '{"title":"Session"}' };
    if (field(body, "stream") === true) return this.stream(response, answer);
    sendJson(response, 200, { ...message, content: [{ type: "text", text: answer.text }], stop_reason: "end_turn" });
  },
  stream(response, answer) {
    startEvents(response);
    for (const event of events(answer)) send(response, event);
    response.end();
  },
  error: (status) => ({ body: { type: "error", error: { type: status === 529 ? "overloaded_error" : "api_error", message: "told to fail" } } }),
};

const message = {
  id: "msg_test", type: "message", role: "assistant", model: "claude-test", stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
};

function* events(answer: Answer): Generator<{ type: string } & Record<string, unknown>> {
  yield { type: "message_start", message: { ...message, content: [], stop_reason: null } };
  yield { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
  yield { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: answer.text } };
  yield { type: "content_block_stop", index: 0 };
  const { tool } = answer;
  if (tool !== undefined) {
    yield { type: "content_block_start", index: 1, content_block: { type: "tool_use", id: `toolu_${Date.now()}`, name: tool.server === "" ? tool.name : `mcp__${tool.server}__${tool.name}`, input: {} } };
    yield { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: JSON.stringify(tool.input) } };
    yield { type: "content_block_stop", index: 1 };
  }
  if (answer.shell !== undefined) {
    const input = JSON.stringify({ command: answer.shell, description: "Run a command" });
    yield { type: "content_block_start", index: 1, content_block: { type: "tool_use", id: `toolu_${Date.now()}`, name: "Bash", input: {} } };
    yield { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: input } };
    yield { type: "content_block_stop", index: 1 };
  }
  const stop_reason = answer.shell === undefined && tool === undefined ? "end_turn" : "tool_use";
  yield { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 10 } };
  yield { type: "message_stop" };
}

function send(response: ServerResponse, event: { type: string }): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function readMessage(value: unknown): HistoryItem[] {
  const role = field(value, "role");
  if (role === "assistant") return [{ role, text: "", context: [] }];
  if (role !== "user") return [];
  const content = field(value, "content");
  const parts = typeof content === "string" ? [content] : list(content).filter((p) => field(p, "type") === "text").map((p) => textField(p, "text"));
  if (list(content).some((part) => field(part, "type") === "tool_result") && parts.every((part) => ownPart.test(part))) return [{ role: "tool", text: "", context: parts }];
  // The person's text comes last; where it reads like one of the agent's own parts, it is still the person's.
  const texts = parts.filter((part, index) => index === parts.length - 1 || !ownPart.test(part));
  const context = parts.filter((part, index) => index < parts.length - 1 && ownPart.test(part));
  return userItems(texts, context);
}
