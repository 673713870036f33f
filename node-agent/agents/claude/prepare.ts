import type { PreparedText, PrepareOptions } from "../agent-adapter.js";
import { defuse, exitWords, leadingBang, leadingSlash, trailingBackslash, trailingImage, trailingMention } from "../defuse.js";

const dangers = [exitWords("Claude Code", "exit", "quit", ":q", ":q!", ":wq", ":wq!"), trailingImage("Claude Code")];
const cures = [leadingBang, trailingBackslash, trailingMention];

/** What Claude Code 2.1.197 would not take as a prompt. It keeps a blank that was put in front, and cuts one at the end. */
export function prepareForClaude(text: string, options: PrepareOptions): PreparedText {
  return options.command ? { text, transformation: [] } : defuse(text, options, { dangers, defusals: [leadingSlash, ...cures] });
}
