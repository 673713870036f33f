import type { PreparedText, PrepareOptions } from "../agent-adapter.js";
import { defuse, type Defusal, exitWords, leadingBang, trailingBackslash, trailingImage, trailingMention } from "../defuse.js";

/**
 * A first word such as `/compact` is looked up as a command, and completed to one that is like it (`/etc` ran `/deep-research`); a path is not.
 * 2.1.332 looks behind blanks and whatever else is not drawn, but not behind a braille blank, which both versions keep.
 */
const leadingSlash: Defusal = {
  name: "braille_blank_before_slash",
  applies: (text) => /^[\s\p{Default_Ignorable_Code_Point}]*\/(?![\w.-]+\/\S)/u.test(text),
  cure: (text) => `\u2800${text}`,
};

/** With the cursor behind a word such as `:smi`, the submit key goes to the emoji menu (2.1.332). */
const trailingEmojiName: Defusal = {
  name: "space_after_emoji_name",
  applies: (text) => /(?:^|\s):[\w+-]+$/u.test(text),
  cure: (text) => `${text} `,
};

const dangers = [exitWords("Claude Code", "exit", "quit", ":q", ":q!", ":wq", ":wq!"), trailingImage("Claude Code")];
const defusals = [leadingSlash, leadingBang, trailingBackslash, trailingMention, trailingEmojiName];

/** What Claude Code (2.1.197, 2.1.332) would not take as a prompt. It keeps a blank that was put in front, and cuts one at the end. */
export function prepareForClaude(text: string, options: PrepareOptions): PreparedText {
  return options.command ? { text, transformation: [] } : defuse(text, options, { dangers, defusals });
}
