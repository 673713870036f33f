import type { ScreenRow, StyledRun } from "../../screen/screen.js";
import type { Composer } from "../agent-adapter.js";
import { findMarkers } from "./markers.js";

/** Runs without their first `columns` cells, which must be one cell wide each (a prompt glyph and its space). */
export function dropCells(runs: readonly StyledRun[], columns: number): StyledRun[] {
  const left: StyledRun[] = [];
  let toDrop = columns;
  for (const run of runs) {
    if (toDrop >= run.text.length) toDrop -= run.text.length;
    else {
      left.push(toDrop > 0 ? { ...run, text: run.text.slice(toDrop) } : run);
      toDrop = 0;
    }
  }
  return left;
}

/**
 * Runs without ghost text, which agents draw dim (SGR 2). An agent that draws its own cursor shows the first character of a ghost
 * in reverse video, so a single reversed cell goes with the dim run behind it.
 */
export function withoutGhost(runs: readonly StyledRun[]): StyledRun[] {
  return runs.filter((run, index) => {
    if (run.dim && run.text.trim() !== "") return false;
    const next = runs[index + 1];
    return !(run.reverse && run.text.trim() !== "" && next?.dim && !next.text.startsWith(" ") && Array.from(run.text).length === 1);
  });
}

export function textOf(runs: readonly StyledRun[]): string {
  return runs.map((run) => run.text).join("").replace(/ +$/u, "");
}

/** Typed text of one row: prompt cells and ghost removed. */
export function typedInRow(row: ScreenRow, promptCells: number): string {
  return textOf(withoutGhost(dropCells(row.runs, promptCells)));
}

/** A composer with one entry of `lines` for each of its rows. */
export function makeComposer(lines: readonly string[], firstRow: number, clipped: boolean): Composer {
  const text = lines.join("\n");
  return { text, markers: findMarkers(text), clipped, firstRow, lastRow: firstRow + lines.length - 1 };
}
