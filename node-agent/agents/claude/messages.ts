import type { RecordEvent } from "../../records/record-event.js";
import { claudeEvents } from "./events.js";

/** Texts that the program writes under the user's name: what its own commands print. */
const printed = /^<(?:local-command-[a-z]+|bash-std(?:out|err))>/u;

/** What of a transcript line was said: not the summary that stands for a compacted conversation, nor what commands of the program print. */
export function claudeMessages(line: Record<string, unknown>): readonly RecordEvent[] {
  if (line["isCompactSummary"] === true) return [];
  return claudeEvents(line).filter((event) => event.type !== "user" || !event.texts.some((text) => printed.test(text)));
}
