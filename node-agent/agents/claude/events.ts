import { listAt, textAt } from "../../records/json-path.js";
import type { RecordEvent } from "../../records/record-event.js";
import { asPasted } from "./pasted-content.js";

/**
 * Reads one transcript line of Claude Code (2.1.197, 2.1.332). Lines of subagents and notes that the program adds are no messages of the user.
 * Lines are written out of order now and then: a turn's end after the next prompt, a first answer before its prompt. They are linked.
 */
export function claudeEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  if (line["isSidechain"] === true) return [];
  const id = textAt(line, "uuid");
  const link: RecordEvent[] = id === undefined ? [] : [{ type: "linked", id, before: textAt(line, "parentUuid") ?? textAt(line, "logicalParentUuid") }];
  return [...link, ...conversationEvents(line, id)];
}

function conversationEvents(line: Record<string, unknown>, id: string | undefined): readonly RecordEvent[] {
  switch (line["type"]) {
    case "user":
      return line["isMeta"] === true ? [] : userEvents(line, id);
    case "assistant":
      return assistantEvents(line, id);
    case "queue-operation":
      return queueEvents(line);
    case "attachment": {
      // A queued prompt that is handed over between two tool calls of a running turn.
      const prompt = textAt(line, "attachment", "prompt");
      return textAt(line, "attachment", "type") === "queued_command" && prompt !== undefined ? [userSaid([prompt], id)] : [];
    }
    case "system":
      return line["subtype"] === "turn_duration" ? [{ type: "turn_ended", id }] : rejectedPrompt(line);
    default:
      return [];
  }
}

function userEvents(line: Record<string, unknown>, id: string | undefined): readonly RecordEvent[] {
  const content = textAt(line, "message", "content");
  const group = textAt(line, "promptId");
  if (content !== undefined) return [userSaid([content], id, group)];
  const parts = listAt(line, "message", "content").flatMap((part) => {
    const text = textAt(part, "type") === "text" ? textAt(part, "text") : undefined;
    return text === undefined ? [] : [text];
  });
  return parts.every((part) => part.startsWith("[Request interrupted")) ? [] : [userSaid(parts, id, group)];
}

function userSaid(texts: readonly string[], id: string | undefined, group?: string): RecordEvent {
  const pasted = texts.map(asPasted);
  return { type: "user", texts: pasted.map(({ text }) => text), change: pasted.find(({ change }) => change)?.change, group, id };
}

function assistantEvents(line: Record<string, unknown>, id: string | undefined): readonly RecordEvent[] {
  const text = listAt(line, "message", "content").map((part) => (textAt(part, "type") === "text" ? (textAt(part, "text") ?? "") : "")).join("");
  return text === "" ? [] : [{ type: "answer", text, id }];
}

const blockedByHook = "UserPromptSubmit operation blocked by hook:";
const originalPrompt = "\n\nOriginal prompt: ";

/**
 * A hook on UserPromptSubmit has blocked the prompt (2.1.332): the text goes back into the composer, and no model gets it. The entry has the
 * hook's words first, which may be any, and the prompt last.
 */
function rejectedPrompt(line: Record<string, unknown>): readonly RecordEvent[] {
  const content = textAt(line, "content");
  if (line["subtype"] !== "informational" || !content?.startsWith(blockedByHook)) return [];
  const pieces = content.split(originalPrompt);
  return [{ type: "rejected", texts: pieces.slice(1).map((_, index) => asPasted(pieces.slice(index + 1).join(originalPrompt)).text) }];
}

function queueEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  const content = textAt(line, "content");
  const said = content === undefined ? undefined : asPasted(content);
  switch (line["operation"]) {
    case "enqueue":
      return said === undefined ? [] : [{ type: "enqueued", ...said }];
    case "remove":
    case "popAll":
      return [{ type: "removed", text: said?.text }];
    case "dequeue":
      return [{ type: "dequeued" }];
    default:
      return [];
  }
}
