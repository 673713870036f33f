import type { Screen, ScreenRow } from "../../screen/screen.js";
import type { Composer } from "../agent-adapter.js";
import { isIndented, isRule } from "../composer/rows.js";
import { makeComposer, typedInRow } from "../composer/typed-text.js";

/** The composer and the rules around it; `top` is -1 where the rule above has left the screen. */
export interface ClaudeFrame {
  readonly top: number;
  readonly bottom: number;
  readonly composer: Composer;
  readonly shellMode: boolean;
}

// The glyph is followed by a no-break space; in menus, dialogs, messages and the list of agents it is followed by a plain one.
const promptPattern = /^[❯!]\u00A0/u;
const promptCells = 2;

/**
 * The composer stands between two rules at column 0, with a prompt glyph in its first row, and holds the terminal's cursor
 * (Claude Code 2.1.197, 2026-11-23). Messages and tool output are indented, so nothing that a model prints looks like this.
 */
export function findClaudeFrame(screen: Screen): ClaudeFrame | undefined {
  const { rows, cursorY, width } = screen;
  const bottom = rows.findIndex((row, index) => index > cursorY && isRule(row, width) && !isDim(row));
  if (bottom < 0) return undefined;
  let first = cursorY;
  while (first >= 0 && !isPrompt(rows[first])) {
    const row = rows[first];
    if (!row || !isIndented(row, promptCells)) return undefined;
    first--;
  }
  const body = rows.slice(Math.max(first, 0), bottom);
  if (!body.every((row, index) => (first >= 0 && index === 0) || isIndented(row, promptCells))) return undefined;
  const top = first - 1;
  // A draft taller than the screen pushes its head out of it: then only its end, with the cursor in it, can be seen.
  const complete = first > 0;
  if (complete && !isTopRule(rows[top])) return undefined;
  const shellMode = first >= 0 && rows[first]?.text.startsWith("!") === true;
  const lines = body.map((row) => typedInRow(row, promptCells));
  if (shellMode) lines[0] = `!${lines[0] ?? ""}`;
  const clipped = !complete || (screen.alternate && body.length >= visibleRows(screen.height));
  return { top: complete ? top : -1, bottom, composer: makeComposer(lines, Math.max(first, 0), clipped), shellMode };
}

/** Rows that the full-screen renderer gives a draft before it scrolls: 5 of 20 and 15 of 40 were seen. */
function visibleRows(height: number): number {
  return Math.max(3, Math.floor(height / 2) - 5);
}

function isPrompt(row: ScreenRow | undefined): boolean {
  return row !== undefined && promptPattern.test(`${row.text} `) && !isDim(row);
}

/** The upper rule may carry the session's name. */
function isTopRule(row: ScreenRow | undefined): boolean {
  return row !== undefined && /^─{2,}.*──$/u.test(row.text) && !isDim(row);
}

function isDim(row: ScreenRow): boolean {
  return row.runs[0]?.dim === true;
}
