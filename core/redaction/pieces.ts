import type { SecretRange } from "./secret-range.js";

/** A part of a text that was put together: where it begins there (`at`), and where it is from. */
export interface Piece {
  readonly at: number;
  readonly from: number;
}

/** The range of what was put together, in the text that the pieces are from; they are in the order of `at`. */
export function toOriginal(pieces: readonly Piece[], { start, end, label }: SecretRange): SecretRange {
  return { start: originalPlace(pieces, start), end: originalPlace(pieces, end - 1) + 1, label };
}

function originalPlace(pieces: readonly Piece[], at: number): number {
  let low = 0;
  for (let high = pieces.length - 1; low < high;) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low] ?? { at: 0, from: 0 };
  return piece.from + at - piece.at;
}
