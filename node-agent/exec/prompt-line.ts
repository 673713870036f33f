import type { Screen } from "../screen/screen.js";

/** What stands on the row of the cursor. `prompt` is the text up to it. */
export type PromptLine =
  | { readonly state: "empty"; readonly prompt: string }
  | { readonly state: "draft" }
  | { readonly state: "unknown" };

/** Signs with which prompts of shells end. */
const signs = "$#%>❯➜»";
const endsLikePrompt = new RegExp(`[${signs}]$`, "u");
/** What somebody typed may end with a sign too, as in `$ echo 5 >`: only the first sign of a row can be the prompt's. */
const signInside = new RegExp(`[${signs}].`, "u");
/** What bash and zsh show while a command goes on in the next line. */
const continuation = /^(?:[a-z]+ )*[a-z]*>$/u;
/** `dir$`, `user@host:dir$`, `(venv) [user@host dir]#`, `user@host dir %`; any other must have stood in the pane before. */
const usualPrompt = new RegExp(`^(?:\\([^()]*\\) ?|\\[[^[\\]]*\\])*(?:\\S*|\\S+@\\S+ \\S+ )[${signs}]$`, "u");
const wide = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/gu;

/** Blanks that a prompt may end with; more were typed. */
const maxBlanks = 2;

/**
 * Whether a prompt with nothing typed after it waits there. `unknown` where that cannot be told. `known` is a prompt of this shell that
 * was seen to come, whatever its shape.
 */
export function readPromptLine(screen: Screen, known?: string): PromptLine {
  const text = screen.rows[screen.cursorY]?.text ?? "";
  const blanks = screen.cursorX - columns(text);
  if (screen.alternate || text === "") return { state: "unknown" };
  if (known !== undefined && blanks >= 0 && text + " ".repeat(blanks) === known) return { state: "empty", prompt: known };
  if (blanks < 0 || blanks > maxBlanks || continuation.test(text) || signInside.test(text)) return { state: "draft" };
  if (!endsLikePrompt.test(text)) return { state: "unknown" };
  // The end of a longer draft, wrapped or pasted, may look like a prompt of its own.
  const above = screen.rows.slice(0, screen.cursorY);
  if (columns(above.at(-1)?.text ?? "") >= screen.width - 1) return { state: "draft" };
  if (!usualPrompt.test(text) && !above.some((row) => row.text.startsWith(text))) return { state: "draft" };
  return { state: "empty", prompt: text + " ".repeat(blanks) };
}

/**
 * What stands up to the cursor after C-c where it is a prompt of any shape: some row began with it before too, as the line does that was
 * given up, and nothing of that line is there any more.
 */
export function freshPrompt(screen: Screen, before: Screen): string | undefined {
  const text = screen.rows[screen.cursorY]?.text ?? "";
  const blanks = screen.cursorX - columns(text);
  if (screen.alternate || text === "" || blanks < 0 || blanks > maxBlanks) return undefined;
  return before.rows.slice(0, before.cursorY + 1).some((row) => row.text.startsWith(text)) ? text + " ".repeat(blanks) : undefined;
}

/** The row of the cursor where a prompt is back on it, after a command of ours: here it need not stand alone, nor have been seen before. */
export function promptThatIsBack(screen: Screen, before: string): string | undefined {
  const text = screen.rows[screen.cursorY]?.text ?? "";
  const blanks = screen.cursorX - columns(text);
  if (text === "" || screen.alternate || blanks < 0 || blanks > maxBlanks) return undefined;
  return endsLikePrompt.test(text) || text.endsWith(before.trimEnd()) ? text : undefined;
}

/** Whether the rows that end at the cursor hold the prompt and the command after it, and nothing else. Rows break where the pane ends. */
export function showsCommand(screen: Screen, prompt: string, command: string): boolean {
  const expected = withoutBlanks(prompt + command);
  let shown = "";
  for (let row = screen.cursorY; row >= 0 && shown.length < expected.length; row--) {
    const { text = "" } = screen.rows[row] ?? {};
    shown = withoutBlanks(text) + shown;
  }
  return shown === expected;
}

export function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/gu, "");
}

function columns(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}
