import { listAt, textAt } from "../../records/json-path.js";
import type { RecordEvent } from "../../records/record-event.js";

/** Texts that Codex puts before a conversation under the user's name. */
const context = /^(?:<(?:environment_context|user_instructions|permissions instructions|skills_instructions|turn_aborted)>|# AGENTS\.md instructions)/u;

/** What of a rollout line was said: the user's own texts, and every message of the agent, not only the last one of a turn. */
export function codexMessages(line: Record<string, unknown>): readonly RecordEvent[] {
  if (line["type"] !== "response_item" || textAt(line, "payload", "type") !== "message") return [];
  const texts = listAt(line, "payload", "content").flatMap((part) => textAt(part, "text") ?? []);
  switch (textAt(line, "payload", "role")) {
    case "user": {
      const own = texts.filter((text) => !context.test(text));
      return own.length === 0 ? [] : [{ type: "user", texts: own }];
    }
    case "assistant":
      return texts.length === 0 ? [] : [{ type: "answer", text: texts.join("\n") }];
    default:
      return [];
  }
}
