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
  const { rows, cursorY } = screen;
  const bottom = findBottom(screen);
  if (bottom === undefined) return undefined;
  let first = cursorY;
  while (first >= 0 && !isPrompt(rows[first]) && !(first < cursorY && isScrolledRule(rows[first], "↑"))) {
    const row = rows[first];
    if (!row || !isIndented(row, promptCells)) return undefined;
    first--;
  }
  // Scrolled, the glyph of the prompt goes with its row; the one of shell mode stays.
  const headless = first >= 0 && !isPrompt(rows[first]);
  if (headless) first++;
  const body = rows.slice(Math.max(first, 0), bottom);
  if (!body.every((row, index) => (first >= 0 && index === 0 && !headless) || isIndented(row, promptCells))) return undefined;
  const top = first - 1;
  // A draft taller than the screen pushes its head out of it: then only its end, with the cursor in it, can be seen.
  const complete = first > 0;
  if (complete && !isTopRule(rows[top])) return undefined;
  const shellMode = first >= 0 && rows[first]?.text.startsWith("!") === true;
  const lines = body.map((row) => typedInRow(row, promptCells));
  if (shellMode) lines[0] = `!${lines[0] ?? ""}`;
  const clipped = !complete || isScrolledRule(rows[top], "↑") || isScrolledRule(rows[bottom], "↓") || (screen.alternate && body.length >= visibleRows(screen.height));
  return { top: complete ? top : -1, bottom, composer: makeComposer(lines, Math.max(first, 0), clipped), shellMode };
}

/** Row of the rule under the cursor. Where the screen is too low for the whole composer, it is cut off behind the cursor (2.1.332, 40 columns by 10 rows). */
function findBottom({ rows, cursorY, width, alternate }: Screen): number | undefined {
  const bottom = rows.findIndex((row, index) => index > cursorY && ((isRule(row, width) && !isDim(row)) || isScrolledRule(row, "↓")));
  if (bottom >= 0) return bottom;
  const cut = alternate && cursorY === rows.length - 1 && rows.slice(0, cursorY).some((row) => isScrolledRule(row, "↑"));
  return cut ? rows.length : undefined;
}

/** Full-screen (2.1.332) the rules of a draft that is scrolled count the rows beyond them: `─── ↑ 3 more ───`. */
function isScrolledRule(row: ScreenRow | undefined, arrow: "↑" | "↓"): boolean {
  return row !== undefined && row.text.startsWith(`─── ${arrow} `) && /^─── . \d+ more .*─$/u.test(row.text);
}

/** Rows that the full-screen renderer gives a draft before it scrolls: 5 of 20 and 15 of 40 were seen. */
function visibleRows(height: number): number {
  return Math.max(3, Math.floor(height / 2) - 5);
}

function isPrompt(row: ScreenRow | undefined): boolean {
  return row !== undefined && promptPattern.test(`${row.text} `) && !isDim(row);
}

/** The upper rule may carry the session's name: `──── name ──` (2.1.197), `──── name ─` (2.1.332), or nothing but a name that is cut, behind a blank. */
function isTopRule(row: ScreenRow | undefined): boolean {
  return row !== undefined && /^(?:─| \S).*─$/u.test(row.text) && !isDim(row);
}

function isDim(row: ScreenRow): boolean {
  return row.runs[0]?.dim === true;
}
