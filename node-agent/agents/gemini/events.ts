import { listAt, textAt } from "../../records/json-path.js";
import type { RecordEvent } from "../../records/record-event.js";

/** What Gemini CLI 0.61.0 appends to a prompt's record when it names files. */
const referencedFiles = "\n--- Content from referenced files ---";

/** Reads one chat line of Gemini CLI 0.61.0. There is no end-of-turn line: a message of the model without tool calls is the answer. */
export function geminiEvents(line: Record<string, unknown>): readonly RecordEvent[] {
  const text = partsOf(line["content"]).join("");
  if (line["type"] === "user") {
    const cut = text.indexOf(referencedFiles);
    return [cut < 0 ? { type: "user", texts: [text] } : { type: "user", texts: [text.slice(0, cut)], change: "referenced_files_appended" }];
  }
  if (line["type"] !== "gemini") return [];
  const answers: RecordEvent[] = text === "" ? [] : [{ type: "answer", text }];
  return listAt(line, "toolCalls").length === 0 && text !== "" ? [...answers, { type: "turn_ended", answer: text }] : answers;
}

function partsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  return listAt(content).flatMap((part) => textAt(part, "text") ?? []);
}
