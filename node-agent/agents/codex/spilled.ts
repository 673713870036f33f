import type { ScreenRow, StyledRun } from "../../screen/screen.js";

const spilled = /^\p{Emoji_Modifier}/u;

/**
 * A row without the skin tone that ran over from the row above: where an emoji with one stands in the last two columns, Codex 0.171.0
 * has it fit, but tmux 3.3a gives the tone two cells of its own, which are then the first two of the next row.
 */
export function withoutSpill(row: ScreenRow): ScreenRow {
  if (!spilled.test(row.text)) return row;
  let found = false;
  const runs = row.runs.map((run): StyledRun => {
    if (found || !spilled.test(run.text)) return run;
    found = true;
    return { ...run, text: run.text.replace(spilled, "  ") };
  });
  return { text: row.text.replace(spilled, "  ").trimEnd(), runs };
}
