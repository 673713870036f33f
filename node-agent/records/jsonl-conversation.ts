import type { RecordContext, RecordedConversation, RecordedMessage } from "./agent-record.js";
import type { JsonlSource } from "./jsonl-follower.js";
import { parseObject } from "./jsonl-tail.js";
import { textAt } from "./json-path.js";
import { linesBack } from "./jsonl-lines-back.js";

/** A line may stand a few places from where it belongs: so many more are read before they are put into the order of their times. */
const displaced = 20;

/** The last `limit` messages of one JSONL record. */
export async function jsonlConversation(source: JsonlSource, path: string, limit: number): Promise<RecordedConversation> {
  const found: RecordedMessage[] = [];
  for await (const text of linesBack(path)) {
    const line = parseObject(text);
    if (!line) continue;
    found.push(...messagesOf(source, line).toReversed());
    if (found.length >= limit + displaced) break;
  }
  return { sessionId: source.sessionId(path), messages: inOrder(found.reverse()).slice(-limit) };
}

/** Of the records that there are, the one that this agent's own processes hold open; else the one that an earlier delivery was proven in. */
export async function recordOfAgent({ tree, facts, knownRecord }: RecordContext, candidates: readonly string[]): Promise<string | undefined> {
  const open = new Set((await Promise.all(tree.map(({ pid }) => facts.openFiles(pid)))).flat());
  const held = candidates.filter((path) => open.has(path));
  return held.length === 1 ? held[0] : knownRecord;
}

function messagesOf(source: JsonlSource, line: Record<string, unknown>): RecordedMessage[] {
  const stamp = new Date(textAt(line, "timestamp") ?? "");
  const at = Number.isNaN(stamp.getTime()) ? undefined : stamp;
  const messages: RecordedMessage[] = [];
  for (const event of source.messages?.(line) ?? source.events(line)) {
    if (event.type === "user" && event.texts.length > 0) messages.push({ speaker: "user", text: event.texts.join("\n"), at });
    else if (event.type === "answer") messages.push({ speaker: "agent", text: event.text, at });
    // The end of a turn may repeat the answer that stands in the same line.
    else if (event.type === "turn_ended" && event.answer && messages.length === 0) messages.push({ speaker: "agent", text: event.answer, at });
  }
  return messages;
}

/** By time where every message has one: records write some lines after the ones that they belong before. */
function inOrder(messages: readonly RecordedMessage[]): readonly RecordedMessage[] {
  if (!messages.every(({ at }) => at)) return messages;
  return messages.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
}
