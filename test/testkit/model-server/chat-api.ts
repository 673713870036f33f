import { field, list, sendJson, startEvents, textField, userItems, type HistoryItem, type ModelApi, type ModelRequest } from "./model-api.js";
import type { Answer } from "./reply.js";

/** OpenCode with an OpenAI-compatible provider: POST /v1/chat/completions. */
export const chatApi: ModelApi = {
  name: "chat",
  matches: (path) => path.endsWith("/chat/completions"),
  read(_path, body, headers): ModelRequest {
    const history = list(field(body, "messages")).flatMap(readMessage);
    return { purpose: list(field(body, "tools")).length > 0 ? "turn" : "title", session: String(headers["x-session-id"] ?? ""), history };
  },
  answerAside(response, _path, body) {
    if (field(body, "stream") === true) return this.stream(response, { text: "Session" });
    sendJson(response, 200, { ...chunk, object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "Session" }, finish_reason: "stop" }] });
  },
  stream(response, answer) {
    startEvents(response);
    for (const event of chunks(answer)) response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.end("data: [DONE]\n\n");
  },
  error: () => ({ body: { error: { type: "server_error", message: "told to fail" } } }),
};

const chunk = { id: "chatcmpl-test", object: "chat.completion.chunk", created: 1, model: "test" };

function* chunks(answer: Answer): Generator<unknown> {
  const delta = (value: unknown, finish_reason: string | null = null) => ({ ...chunk, choices: [{ index: 0, delta: value, finish_reason }] });
  yield delta({ role: "assistant", content: "" });
  yield delta({ content: answer.text });
  if (answer.shell !== undefined) {
    const call = { name: "bash", arguments: JSON.stringify({ command: answer.shell, description: "Run a command" }) };
    yield delta({ tool_calls: [{ index: 0, id: `call_${Date.now()}`, type: "function", function: call }] });
  }
  if (answer.tool !== undefined) {
    const { server, name, input } = answer.tool;
    const call = { name: server === "" ? name : `${server}_${name}`, arguments: JSON.stringify(input) };
    yield delta({ tool_calls: [{ index: 0, id: `call_${Date.now()}`, type: "function", function: call }] });
  }
  yield { ...delta({}, answer.shell === undefined && answer.tool === undefined ? "stop" : "tool_calls"), usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 } };
}

function readMessage(value: unknown): HistoryItem[] {
  const role = field(value, "role");
  if (role === "assistant") return [{ role: "assistant", text: "", context: [] }];
  if (role === "tool") return [{ role: "tool", text: "", context: [] }];
  if (role !== "user") return [];
  const content = field(value, "content");
  const parts = typeof content === "string" ? [content] : list(content).filter((p) => field(p, "type") === "text").map((p) => textField(p, "text"));
  const own = (part: string) => /^\s*<system-reminder>/.test(part);
  return parts.every(own) ? userItems(parts, []) : userItems(parts.filter((part) => !own(part)), parts.filter(own));
}
