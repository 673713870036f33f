import type { Screen, ScreenRow } from "../../screen/screen.js";
import type { Composer } from "../agent-adapter.js";
import { firstInkRun, isBlank, isIndented, isRule, lastTextRow } from "../composer/rows.js";
import { dropCells, makeComposer, textOf } from "../composer/typed-text.js";

export interface GeminiFrame {
  readonly composer: Composer;
  /** Row of the padding over the text, and of the one under it. */
  readonly upper: number;
  readonly lower: number;
  readonly mode: "prompt" | "shell" | "search";
}

// `*` stands for "approve everything". The glyph stays in the first visible row when a long draft scrolls.
const promptPattern = /^ (?:(?<search>\(r:\) )|(?<glyph>[>*!]))(?: |$)/u;
const promptCells = 3;
/** Rows of a draft that are shown at once. */
const visibleRows = 10;

/**
 * The composer is a block between two rows of padding: blank, half blocks (true colour) or a rule (no colour). Its first row has a
 * prompt glyph. A message of the user looks the same, so more is asked for: the terminal's cursor in the block; or, while the
 * terminal has no focus and the agent parks the cursor under its output, the rule and mode line over the block with nothing but the
 * footer under it (Gemini CLI 0.61.0, 2026-11-23).
 */
export function findGeminiFrame(screen: Screen): GeminiFrame | undefined {
  const row = screen.rows[screen.cursorY];
  if (row && screen.cursorX >= promptCells && holdsCursor(row, screen.cursorX)) return frameAround(screen, screen.cursorY);
  return frameWithBlankEnd(screen) ?? frameOverCursor(screen) ?? unfocusedFrame(screen);
}

/**
 * Without colours the cursor in an empty last row leaves nothing that is drawn there (a key that was taken as a line break, 0.61.0 with
 * NO_COLOR); but the block stands between two rules then, and the terminal's cursor at its left edge.
 */
function frameWithBlankEnd(screen: Screen): GeminiFrame | undefined {
  const { rows, cursorX, cursorY, width } = screen;
  if (cursorX !== promptCells || !isBlank(rows[cursorY])) return undefined;
  const frame = frameAround(screen, cursorY);
  return frame && frame.composer.text.trim() !== "" && cursorY < frame.lower && isRule(rows[frame.upper], width) && isRule(rows[frame.lower], width) ? frame : undefined;
}

/**
 * Emoji that agent and terminal measure differently leave the terminal's cursor in the padding under the text; the cell that the agent
 * draws as its cursor is in the right place.
 */
function frameOverCursor(screen: Screen): GeminiFrame | undefined {
  const { rows, cursorX, cursorY } = screen;
  const above = cursorX >= promptCells && isBlank(rows[cursorY]) ? rows[cursorY - 1] : undefined;
  if (!above?.runs.some((run) => run.reverse) || !/[\p{Extended_Pictographic}\p{Regional_Indicator}\p{M}]/u.test(above.text)) return undefined;
  const frame = frameAround(screen, cursorY - 1);
  return frame && cursorY <= frame.lower ? frame : undefined;
}

function unfocusedFrame(screen: Screen): GeminiFrame | undefined {
  const { rows, cursorX, cursorY, width } = screen;
  const last = lastTextRow(screen);
  if (cursorX !== 0 || cursorY < last || cursorY > last + 3) return undefined;
  const frame = frameAround(screen, rows.findLastIndex((row) => promptPattern.test(row.text)));
  if (!frame || last > frame.lower + 2 || frame.mode === "search") return undefined;
  return rows.slice(Math.max(0, frame.upper - 3), frame.upper).some((row) => isRule(row, width)) ? frame : undefined;
}

function frameAround(screen: Screen, start: number): GeminiFrame | undefined {
  const { rows, width } = screen;
  let first = start;
  let match = promptPattern.exec(rows[first]?.text ?? "");
  while (!match) {
    const row = rows[first];
    if (!row || !isIndented(row, promptCells)) return undefined;
    if (first === 0) break;
    match = promptPattern.exec(rows[--first]?.text ?? "");
  }
  // In a pane of 8 or 12 rows a long draft pushes its head, or the padding over it, out of the screen (0.61.0).
  const cut = first === 0;
  const upper = Math.max(first - 1, 0);
  if (!cut && !isPadding(rows[upper], width)) return undefined;
  const lower = findLower(screen, start);
  if (lower === undefined) return undefined;
  const { search, glyph } = match?.groups ?? {};
  // While the history is searched its lines stand where the labels are.
  const labels = search ? undefined : firstInkRun(rows[lower + 1])?.foreground;
  const lines = rows.slice(first, lower).map((row, index) => typed(row, index === 0 && search ? search.length + 2 : promptCells, labels));
  // Over a placeholder the cursor stands in its row.
  if (lines[0] === "" && !isBlank(rows[first]) && start > first && lines.every((line) => line === "")) return undefined;
  // Without its head only text tells a composer.
  if (cut && lines.every((line) => line === "")) return undefined;
  if (glyph === "!") lines[0] = `!${lines[0] ?? ""}`;
  const mode = search ? "search" : glyph === "!" ? "shell" : "prompt";
  return { composer: makeComposer(lines, first, cut || lines.length >= visibleRows), upper, lower, mode };
}

/** Row of the padding under the text: a drawn one, or the last blank one before the footer or the completions (indented by one). */
function findLower(screen: Screen, start: number): number | undefined {
  const { rows, width } = screen;
  let y = start + 1;
  for (; y < rows.length; y++) {
    const row = rows[y];
    if (!row || isBlank(row)) continue;
    if (isDrawnPadding(row, width)) return y;
    if (!isIndented(row, promptCells)) break;
  }
  if (y >= rows.length) return lastTextRow({ ...screen, rows: rows.slice(0, Math.max(start, lastTextRow(screen)) + 1) }) + 1;
  do y--; while (y > start && !isBlank(rows[y]));
  return y > start ? y : undefined;
}

function isPadding(row: ScreenRow | undefined, width: number): boolean {
  return row !== undefined && (isBlank(row) || isDrawnPadding(row, width));
}

function isDrawnPadding(row: ScreenRow, width: number): boolean {
  return isRule(row, width) || (row.text.length === width && /^(?:▄+|▀+)$/u.test(row.text));
}

/** The agent draws its cursor as a reversed cell; without colours tmux drops that cell behind the end of a row. */
function holdsCursor(row: ScreenRow, cursorX: number): boolean {
  return row.runs.some((run) => run.reverse) || (!isBlank(row) && Array.from(row.text).length <= cursorX);
}

// Placeholders start with a blank of their own, which the cursor stands on.
const placeholders = /^ {2}(?:Type your message or .*|Type your shell command|Press '(?:Esc|i)' for (?:NORMAL|INSERT) mode\.)$/u;

/** A placeholder has the colour of the footer's labels, which typed text has not. */
function typed(row: ScreenRow, cells: number, labels: string | undefined): string {
  const runs = dropCells(row.runs, cells);
  const text = textOf(runs);
  const ink = runs.findLast((run) => run.text.trim() !== "");
  return placeholders.test(text) && (labels === undefined || ink?.foreground === labels) ? "" : text;
}
