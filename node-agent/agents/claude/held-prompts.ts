import type { ScreenRow } from "../../screen/screen.js";

/** Held prompts stand under the spinner (2.1.197), each with a glyph of its own: `  ❯ text`, further rows indented by four. */
export function heldUnder(rows: readonly string[]): string[] {
  const held: string[][] = [];
  let open = false;
  for (const text of rows) {
    if (/^ {2}❯ /u.test(text)) {
      held.push([text.slice(4)]);
      open = true;
    } else if (open && text.startsWith("    ")) held.at(-1)?.push(text.slice(4));
    else if (text !== "") open = false;
  }
  return held.map((lines) => lines.join("\n"));
}

/** Full-screen (2.1.332) they stand over the spinner, like prompts that were sent but in the colour of their glyph, with a line of the program's own under the last. */
export function heldOver(rows: readonly ScreenRow[]): string[] {
  const end = rows.findLastIndex((row) => row.text !== "");
  if (!/^ {2}⎿ {2}Queued\b/u.test(rows[end]?.text ?? "")) return [];
  const held: string[] = [];
  let rest: string[] = [];
  for (const row of rows.slice(0, end).toReversed()) {
    if (row.text.startsWith("❯ ")) {
      if (!isOneColour(row)) break;
      held.unshift([row.text.slice(2), ...rest].join("\n"));
      rest = [];
    } else if (row.text.startsWith("  ")) rest.unshift(row.text.slice(2));
    else if (row.text !== "") break;
  }
  return held;
}

function isOneColour(row: ScreenRow): boolean {
  return new Set(row.runs.filter((run) => run.text.trim() !== "").map((run) => run.foreground)).size <= 1;
}
