import type { PreparedText, PrepareOptions } from "../agent-adapter.js";
import { defuse, type Defusal, exitWords, leadingBang, pathAlone, trailingMention } from "../defuse.js";

/** Whatever stands behind the slash, a list of commands is searched for it; a path finds none, and the key goes to the empty list. */
const leadingSlash: Defusal = {
  name: "space_before_slash",
  applies: (text) => text.startsWith("/"),
  cure: (text) => ` ${text}`,
};

const rules = {
  dangers: [exitWords("OpenCode", "exit", "quit", ":q"), pathAlone("OpenCode", /\.(?:png|jpe?g|gif|webp|bmp|svg|pdf)$/iu)],
  defusals: [leadingSlash, leadingBang, trailingMention],
};

/** What OpenCode 1.18.33 would not take as a prompt. It adds a blank behind a folded paste. */
export function prepareForOpenCode(text: string, options: PrepareOptions): PreparedText {
  return options.command ? { text, transformation: [] } : defuse(text, options, rules);
}
