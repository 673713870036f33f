import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Answer } from "./reply.js";

/** One message of a request's history, as far as the truth of a delivery needs it. */
export interface HistoryItem {
  readonly role: "user" | "assistant" | "tool";
  /** User: the person's text. Assistant and tool: empty. */
  readonly text: string;
  /** User: parts that the agent itself put beside the text (reminders, environment). */
  readonly context: readonly string[];
}

/** One item for each text of a user's message (several prompts may come as parts of one); what the agent put beside them goes with the first. */
export function userItems(texts: readonly string[], context: readonly string[]): HistoryItem[] {
  return texts.map((text, index) => ({ role: "user", text, context: index === 0 ? context : [] }));
}

export type RequestPurpose = "turn" | "title" | "router" | "count" | "other";

/** What one request asks, independent of the API it came by. */
export interface ModelRequest {
  readonly purpose: RequestPurpose;
  /** The agent's session, where its requests name it (all but Gemini); else empty. */
  readonly session: string;
  readonly history: readonly HistoryItem[];
}

/** One of the four model APIs: which requests are its, what they hold, how an answer is streamed. */
export interface ModelApi {
  readonly name: "anthropic" | "responses" | "chat" | "gemini";
  matches(path: string): boolean;
  read(path: string, body: unknown, headers: IncomingHttpHeaders): ModelRequest;
  /** Answers a request that is not a user's turn. */
  answerAside(response: ServerResponse, path: string, body: unknown, purpose: RequestPurpose): void;
  /** Streams the whole answer to a user's turn. */
  stream(response: ServerResponse, answer: Answer): void;
  error(status: number): { body: unknown };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

export function startEvents(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
}

/** Reads `value[key]` of parsed JSON without trusting its shape. */
export function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textField(value: unknown, key: string): string {
  const text = field(value, key);
  return typeof text === "string" ? text : "";
}
