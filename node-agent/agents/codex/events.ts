import { listAt, textAt } from "../../records/json-path.js";
import type { RecordEvent } from "../../records/record-event.js";

/**
 * Reads one rollout line of Codex 0.169.0. The same message also stands there as an `item_completed` event;
 * the `response_item` is what goes to the model, so it alone counts.
 */
export function codexEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  const type = textAt(line, "payload", "type");
  if (line["type"] === "response_item" && type === "message" && textAt(line, "payload", "role") === "user") {
    const texts = listAt(line, "payload", "content").flatMap((part) => {
      const text = textAt(part, "type") === "input_text" ? textAt(part, "text") : undefined;
      return text === undefined ? [] : [text];
    });
    return texts.length === 0 ? [] : [{ type: "user", texts }];
  }
  if (line["type"] !== "event_msg") return [];
  switch (type) {
    case "task_started":
      return [{ type: "turn_started" }];
    case "task_complete":
      return [{ type: "turn_ended", answer: textAt(line, "payload", "last_agent_message") }];
    case "turn_aborted":
      return [{ type: "turn_ended" }];
    default:
      return [];
  }
}
