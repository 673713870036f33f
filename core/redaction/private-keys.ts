import type { SecretRange } from "./secret-range.js";

// In source code that only names the marks, a quote stands right at them where a key would go on.
const begin = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?!["'`])/gu;
const end = /(?<!["'`])-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/gu;
/** A row of a key: its letters or one of its headers, within whatever frame is drawn around it; or only the frame. */
const keyRow = /^[^A-Za-z0-9+/=]*(?:(?:[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/=]{1,63}={1,2}|[A-Z][A-Za-z-]+: [^\n]{1,100})[^A-Za-z0-9+/=]*$|$)/u;
const longestKey = 20_000;

/** A place in a text, from `start` up to `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Private key blocks, also those of which the beginning or the end was cut off. */
export function privateKeysIn(text: string): SecretRange[] {
  const closings = marksIn(text, end);
  const keys = [...begunKeys(text, closings)];
  return [...keys, ...endedKeys(text, closings, keys)].map((key) => ({ ...key, label: "private-key" }));
}

function marksIn(text: string, mark: RegExp): Span[] {
  return Array.from(text.matchAll(mark), ({ index, 0: { length } }) => ({ start: index, end: index + length }));
}

/** The keys of which the beginning is there: up to the closing line; where that is missing, to the last row that may be of the key. */
function* begunKeys(text: string, closings: readonly Span[]): Generator<Span> {
  let covered = 0;
  let next = 0;
  for (const opening of marksIn(text, begin)) {
    if (opening.start < covered) continue;
    while ((closings[next]?.start ?? Infinity) < opening.end) next++;
    const closing = closings[next];
    const most = Math.min(opening.start + longestKey, text.length);
    covered = closing && closing.end <= most ? closing.end : lastRowAfter(text, opening.end, most);
    yield { start: opening.start, end: covered };
  }
}

/** The keys of which only the end is there. */
function* endedKeys(text: string, closings: readonly Span[], begun: readonly Span[]): Generator<Span> {
  let next = 0;
  let last: Span | undefined;
  for (const closing of closings) {
    while ((begun[next]?.end ?? Infinity) < closing.end) next++;
    if ((begun[next]?.start ?? Infinity) < closing.start) continue;
    // What stands above a row is looked at once, however many keys end in it.
    const sameRow = last !== undefined && closing.start - last.end < longestKey && !text.slice(last.end, closing.start).includes("\n");
    last = { start: last && sameRow ? last.start : firstRowBefore(text, closing.start), end: closing.end };
    yield last;
  }
}

/** The end of the last row, from the one that begins behind `from`'s, that may be of a key; at most `most`. */
function lastRowAfter(text: string, from: number, most: number): number {
  let at = rowEnd(text, from, most);
  while (at < most) {
    const next = rowEnd(text, at + 1, most);
    if (!keyRow.test(text.slice(at + 1, next))) break;
    at = next;
  }
  return at;
}

function rowEnd(text: string, from: number, most: number): number {
  const length = text.slice(from, most).indexOf("\n");
  return length < 0 ? most : from + length;
}

/** The start of the first row, up to the one that `before` stands in, that may be of a key. */
function firstRowBefore(text: string, before: number): number {
  const least = Math.max(0, before - longestKey);
  let at = least + text.slice(least, before).lastIndexOf("\n") + 1;
  while (at > least) {
    const start = least + text.slice(least, at - 1).lastIndexOf("\n") + 1;
    const row = text.slice(start, at - 1);
    if (row.trim() === "" || !keyRow.test(row)) break;
    at = start;
  }
  return at;
}
