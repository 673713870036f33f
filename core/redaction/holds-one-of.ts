import type { SecretRange } from "./secret-range.js";

/** Whether a range holds one of these as a whole: each is asked in logarithmic time. */
export function holdsOneOf(ranges: readonly SecretRange[]): (outer: SecretRange) => boolean {
  const inOrder = ranges.toSorted((a, b) => a.start - b.start);
  // Of each and all behind it: where the first of them ends.
  const firstEnd = inOrder.map(({ end }) => end);
  for (let at = firstEnd.length - 2; at >= 0; at--) firstEnd[at] = Math.min(firstEnd[at] ?? Infinity, firstEnd[at + 1] ?? Infinity);
  return ({ start, end }) => {
    let low = 0;
    for (let high = inOrder.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((inOrder[middle]?.start ?? Infinity) < start) low = middle + 1;
      else high = middle;
    }
    return (firstEnd[low] ?? Infinity) <= end;
  };
}
