import { field, list, sendJson, startEvents, textField, userItems, type HistoryItem, type ModelApi, type ModelRequest } from "./model-api.js";
import type { Answer } from "./reply.js";

/** User parts that Gemini CLI itself writes: its context, and the files that a prompt names, between two marks of their own. */
const ownPart = /^\s*<session_context>/;
const filesBegin = "\n--- Content from referenced files ---";
const filesEnd = "\n--- End of content ---";

/** Gemini CLI: POST …:streamGenerateContent for a turn, …:generateContent for its router and other asides. */
export const geminiApi: ModelApi = {
  name: "gemini",
  matches: (path) => /:(streamGenerateContent|generateContent|countTokens)$/.test(path),
  read(path, body): ModelRequest {
    const history = list(field(body, "contents")).flatMap(readContent);
    if (path.endsWith(":streamGenerateContent")) return { purpose: "turn", session: "", history };
    return { purpose: path.endsWith(":countTokens") ? "count" : "router", session: "", history };
  },
  answerAside(response, _path, _body, purpose) {
    if (purpose === "count") return sendJson(response, 200, { totalTokens: 100 });
    const choice = JSON.stringify({ reasoning: "plain", model_choice: "flash", complexity_reasoning: "plain", complexity_score: 10 });
    sendJson(response, 200, candidate([{ text: choice }], "STOP"));
  },
  stream(response, answer) {
    startEvents(response);
    for (const event of chunks(answer)) response.write(`data: ${JSON.stringify(event)}\r\n\r\n`);
    response.end();
  },
  error: (status) => ({ body: { error: { code: status, status: "INTERNAL", message: "told to fail" } } }),
};

function candidate(parts: unknown[], finishReason?: string): unknown {
  return {
    candidates: [{ index: 0, content: { role: "model", parts }, ...(finishReason ? { finishReason } : {}) }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
    modelVersion: "gemini-test",
  };
}

function* chunks(answer: Answer): Generator<unknown> {
  yield candidate([{ text: answer.text }]);
  const { shell, tool } = answer;
  const call = shell !== undefined ? { name: "run_shell_command", args: { command: shell, description: "Run a command" } }
    : tool && { name: tool.server === "" ? tool.name : `mcp_${tool.server}_${tool.name}`, args: tool.input };
  yield candidate([call ? { functionCall: call } : { text: "" }], "STOP");
}

function readContent(value: unknown): HistoryItem[] {
  if (field(value, "role") === "model") return [{ role: "assistant", text: "", context: [] }];
  const all = list(field(value, "parts"));
  const parts = all.filter((part) => typeof field(part, "text") === "string").map((part) => textField(part, "text"));
  if (all.some((part) => field(part, "functionResponse") !== undefined) && parts.length === 0) return [{ role: "tool", text: "", context: [] }];
  const begin = parts.indexOf(filesBegin);
  const end = parts.indexOf(filesEnd, begin);
  const isOwn = (part: string, index: number) => ownPart.test(part) || (begin >= 0 && index >= begin && index <= end);
  return userItems(parts.filter((part, index) => !isOwn(part, index)), parts.filter(isOwn));
}
