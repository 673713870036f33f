import type { ScreenRow } from "../../screen/screen.js";

const blank: ScreenRow = { text: "", runs: [] };
/** How far from the foot the goal's own rows are looked for: composer, status line, goal. */
const nearFoot = 8;

const pursuing = /^\s*[•◦*]?\s*(?:Pursuing goal\b|Goal active\b)/u;
const achieved = /^\s*[•◦*]?\s*Goal achieved \(/u;

/**
 * Takes the rows that tell of a goal out of a screen: "Pursuing goal …" and "Goal active …" while it runs, "Goal achieved (…)" afterwards.
 * Codewith shows them on a row of their own near the foot (documented screens B and C); what a model prints further up stays.
 */
export function withoutGoal(rows: readonly ScreenRow[]): { rows: readonly ScreenRow[]; pursues: boolean } {
  const foot = rows.findLastIndex(({ text }) => text.trim() !== "");
  let pursues = false;
  const rest = rows.map((row, index) => {
    if (index < foot - nearFoot) return row;
    if (pursuing.test(row.text)) pursues = true;
    else if (!achieved.test(row.text)) return row;
    return blank;
  });
  return { rows: rest, pursues };
}
