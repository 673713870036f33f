import type { PreparedText, PrepareOptions } from "../agent-adapter.js";
import { defuse, type Defusal, images, leadingBang, pathAlone, trailingMention } from "../defuse.js";

/** Codex looks behind blanks of other kinds and line ends for a slash, but not behind one plain blank (0.169.0). */
const leadingSlash: Defusal = {
  name: "space_before_slash",
  applies: (text) => text.trimStart().startsWith("/") && !/^\s*\/[\w.-]+\/\S/u.test(text) && !text.startsWith(" /"),
  cure: (text) => ` ${text.trimStart()}`,
};

/** `$name` at the end opens the list of skills. */
const trailingSkill: Defusal = {
  name: "space_after_mention",
  applies: (text) => /(?:^|\s)\$\S*$/u.test(text),
  cure: (text) => `${text} `,
};

const rules = { dangers: [pathAlone("Codex", images)], defusals: [leadingSlash, leadingBang, trailingMention, trailingSkill] };

/** What Codex 0.169.0 would not take as a prompt. It cuts blanks at both ends, so that its cures leave no trace. */
export function prepareForCodex(text: string, options: PrepareOptions): PreparedText {
  return options.command ? { text, transformation: [] } : defuse(text, options, rules);
}
