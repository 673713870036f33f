import type { Screen, ScreenRow } from "../../screen/screen.js";
import type { Composer } from "../agent-adapter.js";
import { isBlank, isIndented } from "../composer/rows.js";
import { dropCells, makeComposer, textOf, withoutGhost } from "../composer/typed-text.js";
import { withoutSpill } from "./spilled.js";

export interface CodexFrame {
  /** Row of the prompt glyph. */
  readonly first: number;
  readonly composer: Composer;
  /** Rows under the composer: the status line and the line of hints. */
  readonly footer: readonly string[];
  readonly shellMode: boolean;
}

const promptCells = 2;

/**
 * The composer is the lowest thing but for one or two footer rows, starts with a bold prompt glyph at column 0, and holds the
 * terminal's cursor (Codex 0.169.0, 2026-11-23). In the conversation the glyph is dim, in lists it is reversed, and what a model
 * prints is indented. While the transcript is browsed or searched the composer's own glyph is dim: then keys do not go there.
 */
export function findCodexFrame(screen: Screen): CodexFrame | undefined {
  const { cursorX, cursorY, width } = screen;
  const rows = screen.rows.map(withoutSpill);
  if (cursorX < promptCells || cursorX >= width) return undefined;
  let first = cursorY;
  while (first >= 0 && !isPrompt(rows[first])) {
    const row = rows[first];
    if (!row || !isIndented(row, promptCells) || isStyled(row)) return undefined;
    first--;
  }
  if (first < 0) return undefined;
  const end = findEnd(rows, cursorY);
  if (end === undefined) return undefined;
  const body = rows.slice(first, end + 1);
  const shellMode = rows[first]?.text.startsWith("!") === true;
  // Over a suggestion the cursor stands on its first character.
  if (cursorY > first && rows[first]?.runs.some((run) => run.dim && /^\s*\p{L}/u.test(run.text))) return undefined;
  const lines = body.map((row) => textOf(withoutGhost(dropCells(row.runs, promptCells))));
  if (shellMode) lines[0] = `!${lines[0] ?? ""}`;
  const clipped = hasScrollMark(body[0], "↑") || hasScrollMark(body.at(-1), "↓");
  const footer = rows.slice(end + 1).filter((row) => !isBlank(row)).map((row) => row.text);
  return { first, composer: makeComposer(lines, first, clipped), footer, shellMode };
}

/** Last row of the text: a blank row parts it from the footer, or from the edge of the screen where a tall draft has pushed the footer out. */
function findEnd(rows: readonly ScreenRow[], cursorY: number): number | undefined {
  const foot = rows.findLastIndex((row) => !isBlank(row));
  let top = foot;
  while (top >= 0 && !isBlank(rows[top])) top--;
  const footer = foot - top <= footerRows && rows.slice(top + 1, foot + 1).every((row, index, block) => isStyled(row) || isPlainStatus(row, index === block.length - 1));
  const below = footer ? top : rows.length - 1;
  if (cursorY >= below) return undefined;
  let end = below - 1;
  while (end > cursorY && isBlank(rows[end])) end--;
  return rows.slice(cursorY + 1, end + 1).every((row) => isIndented(row, promptCells)) ? end : undefined;
}

/** Status line and line of hints, one of which may wrap. */
const footerRows = 3;

/** A status line without colours over the line of hints, or, while a list is open, alone. */
function isPlainStatus(row: ScreenRow, alone: boolean): boolean {
  return isIndented(row, promptCells) && !markerPattern.test(row.text) && (!alone || row.text.includes(" · "));
}

const markerPattern = /\[(?:Pasted|Image) /u;

/**
 * Rows of the footer, and search fields that take its place, are drawn in bold, dim or colour. Typed text is plain, but for markers,
 * which have brackets, and for the arrows of a draft that scrolls.
 */
function isStyled(row: ScreenRow): boolean {
  return isIndented(row, promptCells) && !markerPattern.test(row.text)
    && row.runs.some((run) => run.text.trim() !== "" && !/^[↑↓]$/u.test(run.text.trim()) && (run.bold || run.dim || run.foreground !== ""));
}

function isPrompt(row: ScreenRow | undefined): boolean {
  const run = row?.runs[0];
  return run !== undefined && /^[›!]/u.test(run.text) && run.bold && !run.dim && !run.reverse && /^[›!](?: |$)/u.test(row?.text ?? "");
}

/** A draft that is taller than its place has a dim arrow at the right edge of its first or last row. */
function hasScrollMark(row: ScreenRow | undefined, arrow: string): boolean {
  return row !== undefined && row.text.endsWith(arrow) && row.runs.some((run) => run.dim && run.text.trim() === arrow);
}
