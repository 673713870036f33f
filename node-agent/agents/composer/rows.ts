import type { Screen, ScreenRow, StyledRun } from "../../screen/screen.js";

export function isBlank(row: ScreenRow | undefined): boolean {
  return row === undefined || row.text === "";
}

/** Blank, or indented by at least `columns` spaces. */
export function isIndented(row: ScreenRow, columns: number): boolean {
  return row.text === "" || row.text.startsWith(" ".repeat(columns));
}

/** A line of `─` over the whole width: what agents draw around a composer or above a dialog. */
export function isRule(row: ScreenRow | undefined, width: number): boolean {
  return row !== undefined && row.text.length === width && /^─+$/u.test(row.text);
}

/** Index of the last row with text, -1 on an empty screen. */
export function lastTextRow(screen: Screen): number {
  return screen.rows.findLastIndex((row) => row.text !== "");
}

/** The run at the left edge that holds the first character which is no space. */
export function firstInkRun(row: ScreenRow | undefined): StyledRun | undefined {
  return row?.runs.find((run) => run.text.trim() !== "");
}

/** Texts of the last `count` rows that have any, top first. */
export function lastTexts(screen: Screen, count: number): string[] {
  return screen.rows.filter((row) => row.text !== "").slice(-count).map((row) => row.text);
}
