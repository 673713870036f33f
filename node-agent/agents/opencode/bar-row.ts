import type { ScreenRow, StyledRun } from "../../screen/screen.js";

/** A row of a block: a coloured side bar and a body, which most themes tint. */
export interface BarRow {
  readonly column: number;
  readonly colour: string;
  /** Background of the body; empty in themes that let the terminal's own show. */
  readonly tint: string;
  /** Runs behind the bar, to where the block ends; without a tint that cannot be told, and the side panel may follow. */
  readonly body: readonly StyledRun[];
}

export function readBarRow(row: ScreenRow | undefined): BarRow | undefined {
  if (!row?.text.trimStart().startsWith("┃")) return undefined;
  const index = row.runs.findIndex((run) => run.text.trim() !== "");
  const bar = row.runs[index];
  if (!bar) return undefined;
  const barEnd = bar.text.indexOf("┃") + 1;
  const rest = [...(bar.text.length > barEnd ? [{ ...bar, text: bar.text.slice(barEnd) }] : []), ...row.runs.slice(index + 1)];
  const before = row.runs.slice(0, index);
  const tint = rest[0]?.background ?? "";
  const outside = before.at(-1)?.background;
  const holes = new Set(tint === "" ? [] : rest.filter((run, at) => run.background === outside && isHole(rest, at, tint)));
  const end = tint === "" ? -1 : rest.findIndex((run) => run.background === outside && !holes.has(run));
  const column = before.reduce((width, run) => width + run.text.length, 0) + barEnd - 1;
  return { column, colour: bar.foreground, tint, body: (end < 0 ? rest : rest.slice(0, end)).filter((run) => !holes.has(run)) };
}

/**
 * OpenCode 1.18.33 counts more cells for some emoji than tmux 3.3a draws (joined ones, those with a variation selector), and does not draw
 * the cells between: there stands what was before, with the background of the outside where the block has just grown. A block's edge never follows
 * an emoji, since blanks in its tint stand before it.
 */
function isHole(runs: readonly StyledRun[], at: number, tint: string): boolean {
  return runs[at + 1]?.background === tint && endsInEmoji.test(runs[at - 1]?.text ?? "");
}

const endsInEmoji = /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200D]|\uFE0F|\u20E3)$/u;

export function bodyText(row: BarRow | undefined): string {
  return (row?.body ?? []).map((run) => run.text).join("").trim();
}
