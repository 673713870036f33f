/** So many lines must agree for two captures to be taken for the same text further up. */
const agreement = 5;

/** Number of lines at the beginning that two texts share. */
export function sharedBeginning(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count++;
  return count;
}

/** What of `before` is still there, where lines were lost at the top since. */
export function alignTop(before: readonly string[], now: readonly string[]): readonly string[] {
  if (now.length < agreement || sharedBeginning(before, now) > 0) return before;
  for (let start = 1; start + agreement <= before.length; start++) {
    if (now.slice(0, agreement).every((line, index) => before[start + index] === line)) return before.slice(start);
  }
  return before;
}

/**
 * Where `now` has lines that `before` did not have: those behind what both begin with, without what only moved down (such as the composer of an
 * agent below the conversation).
 */
export function newLines(before: readonly string[], now: readonly string[]): number[] {
  const shared = sharedBeginning(before, now);
  const rest = now.slice(shared);
  const moved = before.slice(shared);
  // From the end, since what moves stays last.
  const kept: number[] = [];
  for (let at = rest.length - 1, last = moved.length - 1; at >= 0; at--) {
    const index = last < 0 ? -1 : moved.lastIndexOf(rest[at] ?? "", last);
    if (index >= 0) last = index - 1;
    else kept.unshift(shared + at);
  }
  return kept;
}
