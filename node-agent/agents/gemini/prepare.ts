import type { PreparedText, PrepareOptions } from "../agent-adapter.js";
import { type Danger, defuse, pathAlone, trailingBackslash, trailingMention } from "../defuse.js";

/** Blanks before the slash are cut before it is looked at, so that no cure is known. */
const slashCommand: Danger = {
  refusal: "Gemini CLI takes a text that begins with a slash as a command; put a word before it.",
  applies: (text) => text.trimStart().startsWith("/") && !/^\s*\/[\w.-]+\/\S/u.test(text),
};

const rules = { dangers: [slashCommand, pathAlone("Gemini CLI", /[/.~]/u)], defusals: [trailingBackslash, trailingMention] };

/** What Gemini CLI 0.61.0 would not take as a prompt. It cuts blanks at both ends. */
export function prepareForGemini(text: string, options: PrepareOptions): PreparedText {
  return options.command ? { text, transformation: [] } : defuse(text, options, rules);
}
