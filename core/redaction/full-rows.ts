import type { SecretRange } from "./secret-range.js";
import { toOriginal, type Piece } from "./pieces.js";

/** Agents draw their own margins and frames: a row this much shorter than the pane may be a full one. */
const marginColumns = 6;
const frame = " \t\u2502\u2503|";
const nextFrame = /^[ \t\u2502\u2503|>\u276f\u203a]*/u;

export interface JoinedRows {
  readonly text: string;
  /** The place in the text before it was joined. */
  toOriginal(range: SecretRange): SecretRange;
}

/** The rows that fill the pane, each joined to its next one, without what is drawn around them; undefined where there are none. */
export function joinFullRows(text: string, width: number): JoinedRows | undefined {
  const rows = text.split("\n");
  const full = rows.map((row) => isFull(row, width));
  if (!full.includes(true)) return undefined;
  const pieces: Piece[] = [];
  let joined = "";
  let from = 0;
  for (const [index, row] of rows.entries()) {
    const continues = full[index - 1] === true;
    if (continues || full[index]) {
      const skipped = continues ? (nextFrame.exec(row)?.[0].length ?? 0) : 0;
      if (!continues && joined !== "") joined += "\n";
      pieces.push({ at: joined.length, from: from + skipped });
      const body = row.slice(skipped);
      joined += full[index] ? withoutFrame(body) : body;
    }
    from += row.length + 1;
  }
  return { text: joined, toOriginal: (range) => toOriginal(pieces, range) };
}

/** Without what is drawn behind the text. */
function withoutFrame(row: string): string {
  let end = row.length;
  while (end > 0 && frame.includes(row.charAt(end - 1))) end--;
  return row.slice(0, end);
}

/** Its last character that is no frame stands at the edge, and nothing parts it from there. */
function isFull(row: string, width: number): boolean {
  if (row.length < width - marginColumns) return false;
  const body = withoutFrame(row);
  // tmux joins what it wrapped itself: of such a line only the last row counts.
  const lastRow = body.length <= width ? body.length : (body.length - 1) % width + 1;
  return lastRow >= width - marginColumns && /[A-Za-z0-9_+/=.:-]$/u.test(body);
}
