/** A run of the characters that tokens are made of, and where it stands. */
export interface LongWord {
  readonly start: number;
  readonly text: string;
}

/** No token of a known shape is shorter; words that long are few, so that only they are looked at closely. */
const shortest = 19;
const isWordCode = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9_.~:+/=-]/u.test(String.fromCharCode(code)) ? 1 : 0));

/** The words of a text in which a token may be. */
export function longWordsIn(text: string): LongWord[] {
  const words: LongWord[] = [];
  let start = 0;
  // From where a long word that begins here would still go on, and back: most characters are never looked at.
  for (let at = shortest - 1; at < text.length; at = start + shortest - 1) {
    const before = lastOther(text, at, start);
    if (before >= start) {
      start = before + 1;
      continue;
    }
    let end = at + 1;
    while (end < text.length && isWordCode[text.charCodeAt(end)] === 1) end++;
    words.push({ start, text: text.slice(start, end) });
    start = end + 1;
  }
  return words;
}

/** The last character, from `at` back to `start`, that is of no word; below `start` where there is none. */
function lastOther(text: string, at: number, start: number): number {
  let other = at;
  while (other >= start && isWordCode[text.charCodeAt(other)] === 1) other--;
  return other;
}
