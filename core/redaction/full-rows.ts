import type { SecretRange } from "./secret-range.js";

/** Agents draw their own margins and frames: a row this much shorter than the pane may be a full one. */
const marginColumns = 6;
const frame = /[ \t│┃|]*$/u;
const nextFrame = /^[ \t│┃|>❯›]*/u;

export interface JoinedRows {
  readonly text: string;
  /** The place in the text before it was joined. */
  toOriginal(range: SecretRange): SecretRange;
}

/** The text with rows that fill the pane joined to their next one, without what is drawn around them. */
export function joinFullRows(text: string, width: number): JoinedRows {
  const rows = text.split("\n");
  const pieces: { readonly at: number; readonly from: number }[] = [];
  let joined = "";
  let from = 0;
  for (const [index, row] of rows.entries()) {
    const continues = index > 0 && isFull(rows[index - 1] ?? "", width);
    const skipped = continues ? (nextFrame.exec(row)?.[0].length ?? 0) : 0;
    if (index > 0 && !continues) {
      pieces.push({ at: joined.length, from: from - 1 });
      joined += "\n";
    }
    pieces.push({ at: joined.length, from: from + skipped });
    const body = row.slice(skipped);
    joined += isFull(row, width) ? body.replace(frame, "") : body;
    from += row.length + 1;
  }
  const original = (at: number): number => {
    let low = 0;
    for (let high = pieces.length - 1; low < high;) {
      const middle = Math.ceil((low + high) / 2);
      if ((pieces[middle]?.at ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low] ?? { at: 0, from: 0 };
    return piece.from + at - piece.at;
  };
  return { text: joined, toOriginal: ({ start, end, label }) => ({ start: original(start), end: original(end - 1) + 1, label }) };
}

/** Its last character that is no frame stands at the edge, and nothing parts it from there. */
function isFull(row: string, width: number): boolean {
  const body = row.replace(frame, "");
  return body.length >= width - marginColumns && /[A-Za-z0-9_+/=.:-]$/u.test(body);
}
