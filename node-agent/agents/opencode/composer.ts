import type { Screen, ScreenRow, StyledRun } from "../../screen/screen.js";
import type { Composer } from "../agent-adapter.js";
import { makeComposer } from "../composer/typed-text.js";
import { bodyText, readBarRow, type BarRow } from "./bar-row.js";

export interface OpenCodeFrame {
  readonly composer: Composer;
  /** First row of the composer's block, and its lower edge. */
  readonly upper: number;
  readonly lower: number;
  /** Column of the side bar, which is also where completions have theirs. */
  readonly column: number;
  readonly shellMode: boolean;
}

/**
 * The composer is a block with a side bar: a blank row, the text, a blank row, the line of agent and model that starts in the bar's
 * colour, and a lower edge. It holds the terminal's cursor (OpenCode 1.18.33, 2026-11-23). Messages have neither that line nor that
 * edge, and under a panel, which dims the whole screen, the cursor is in the panel or parked at the corner.
 */
export function findOpenCodeFrame(screen: Screen): OpenCodeFrame | undefined {
  const { rows, cursorX, cursorY, height } = screen;
  const here = readBarRow(rows[cursorY]);
  if (!here || cursorX < here.column + 3) return undefined;
  const belongs = (row: ScreenRow | undefined): boolean => {
    const other = readBarRow(row);
    return other?.column === here.column && other.tint === here.tint && other.colour === here.colour && !bodyText(other).endsWith("┃");
  };
  let upper = cursorY;
  while (belongs(rows[upper - 1])) upper--;
  let lower = cursorY + 1;
  while (belongs(rows[lower])) lower++;
  const [first, last] = [upper + 1, lower - 3];
  if (cursorY < first || cursorY > last || !isEdge(rows[lower], here)) return undefined;
  const [over, under, mode] = [upper, lower - 2, lower - 1].map((y) => readBarRow(rows[y]));
  if (isTaken(over) || isTaken(under) || firstInk(mode)?.foreground !== here.colour) return undefined;
  const shellMode = bodyText(mode).split("  ", 1)[0] === "Shell";
  const body = rows.slice(first, last + 1).map((row) => readBarRow(row)?.body ?? []);
  const muted = mode?.body.find((run) => run.text.trim() === "·")?.foreground;
  const filler = over?.body[0]?.foreground ?? "";
  const ghost = isGhost(body, muted);
  if (ghost && cursorY > first) return undefined;
  const lines = ghost ? [""] : body.map((runs) => typed(runs, filler, here.tint));
  if (shellMode) lines[0] = `!${lines[0] ?? ""}`;
  return { composer: makeComposer(lines, first, lines.length >= visibleRows(height)), upper, lower, column: here.column, shellMode };
}

/** Rows of a draft that are shown at once: 10 of 30 were seen. */
function visibleRows(height: number): number {
  return Math.max(6, Math.floor(height / 3));
}

/** Something stands in a row that is to be blank; without a tint the side panel may show behind it. */
function isTaken(row: BarRow | undefined): boolean {
  return row === undefined || (row.tint === "" ? (row.body[0]?.text.trim() ?? "") !== "" : bodyText(row) !== "");
}

function firstInk(row: BarRow | undefined): StyledRun | undefined {
  return row?.body.find((run) => run.text.trim() !== "");
}

/** Half blocks in the tint's colour (on a very low screen other rows are drawn over parts of them); without a tint, one blank in the bar's colour. */
function isEdge(row: ScreenRow | undefined, here: BarRow): boolean {
  if (row === undefined) return false;
  if (here.tint === "") {
    const before = row.runs.findIndex((run) => run.foreground === here.colour && run.text === " ");
    return before >= 0 && row.runs.slice(0, before).reduce((width, run) => width + run.text.length, 0) === here.column;
  }
  const colour = here.tint.replace(/^48;/u, "38;").replace(/^(?:4|10)(?=\d$)/u, (code) => (code === "4" ? "3" : "9"));
  return row.runs.some((run) => /^ *▀{3,} *$/u.test(run.text) && run.foreground === colour);
}

/** The suggestion of an empty composer has the colour of muted words, as the dots of the line under it. */
function isGhost(body: readonly (readonly StyledRun[])[], muted: string | undefined): boolean {
  const ink = body.flat().filter((run) => run.text.trim() !== "");
  return muted !== undefined && ink.length > 0 && ink.every((run) => run.foreground === muted && !run.bold);
}

/** Cells that nothing was typed into keep the colour of the empty rows; typed blanks have the text's. */
function typed(runs: readonly StyledRun[], filler: string, tint: string): string {
  const isFiller = (run: StyledRun): boolean => run.text.trim() === "" && run.foreground === filler;
  const ink = runs.findIndex((run) => run.text.trim() !== "");
  if (ink < 0) return "";
  const gap = runs.findIndex((run, index) => index > ink && isFiller(run));
  const own = tint === "" && gap >= 0 ? runs.slice(0, gap) : runs;
  const tellable = runs[ink]?.foreground !== filler;
  return own.map((run, index) => (index === 0 ? run.text.replace(/^ {1,2}/u, "") : tellable && isFiller(run) ? "" : run.text)).join("").trimEnd();
}
