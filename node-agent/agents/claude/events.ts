import { listAt, textAt } from "../../records/json-path.js";
import type { RecordEvent } from "../../records/record-event.js";

/**
 * Reads one transcript line of Claude Code 2.1.197. Lines of subagents and notes that the program adds are no messages of the user.
 * A fresh session may write its first answer, and the end of that turn, before the prompt that they belong to: hence the times.
 */
export function claudeEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  if (line["isSidechain"] === true) return [];
  switch (line["type"]) {
    case "user":
      return line["isMeta"] === true ? [] : userEvents(line);
    case "assistant":
      return assistantEvents(line);
    case "queue-operation":
      return queueEvents(line);
    case "attachment": {
      // A queued prompt that is handed over between two tool calls of a running turn.
      const prompt = textAt(line, "attachment", "prompt");
      return textAt(line, "attachment", "type") === "queued_command" && prompt !== undefined ? [{ type: "user", texts: [prompt] }] : [];
    }
    case "system":
      return line["subtype"] === "turn_duration" ? [{ type: "turn_ended", at: textAt(line, "timestamp") }] : [];
    default:
      return [];
  }
}

function userEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  const content = textAt(line, "message", "content");
  const group = textAt(line, "promptId");
  // A prompt that was queued may be stamped before the end of the turn before it; the first one of a session has none before it.
  const at = line["parentUuid"] === null ? textAt(line, "timestamp") : undefined;
  if (content !== undefined) return [{ type: "user", texts: [content], group, at }];
  const parts = listAt(line, "message", "content").flatMap((part) => {
    const text = textAt(part, "type") === "text" ? textAt(part, "text") : undefined;
    return text === undefined ? [] : [text];
  });
  return parts.every((part) => part.startsWith("[Request interrupted")) ? [] : [{ type: "user", texts: parts, group, at }];
}

function assistantEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  const text = listAt(line, "message", "content").map((part) => (textAt(part, "type") === "text" ? (textAt(part, "text") ?? "") : "")).join("");
  return text === "" ? [] : [{ type: "answer", text, at: textAt(line, "timestamp") }];
}

function queueEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  const text = textAt(line, "content");
  switch (line["operation"]) {
    case "enqueue":
      return text === undefined ? [] : [{ type: "enqueued", text }];
    case "remove":
    case "popAll":
      return [{ type: "removed", text }];
    case "dequeue":
      return [{ type: "dequeued" }];
    default:
      return [];
  }
}
