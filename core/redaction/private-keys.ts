import type { SecretRange } from "./secret-range.js";

// In source code that only names the marks, a quote stands right at them where a key would go on.
const begin = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?!["'`])/gu;
const end = /(?<!["'`])-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/gu;
/** A row of a key: its letters or one of its headers, within whatever frame is drawn around it. */
const keyRow = /^[^A-Za-z0-9+/=]*(?:[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/=]{1,63}={1,2}|[A-Z][A-Za-z-]+: [^\n]{1,100}|)[^A-Za-z0-9+/=]*$/u;
const longestKey = 20_000;

/** Private key blocks, also those of which the beginning or the end was cut off. */
export function privateKeysIn(text: string): SecretRange[] {
  const found: SecretRange[] = [];
  let covered = 0;
  for (const match of text.matchAll(begin)) {
    if (match.index < covered) continue;
    covered = endOfKey(text, match.index, match.index + match[0].length);
    found.push({ start: match.index, end: covered, label: "private-key" });
  }
  for (const match of text.matchAll(end)) {
    const stop = match.index + match[0].length;
    if (!found.some(({ start, end: last }) => start < match.index && last >= stop)) found.push({ start: startOfKey(text, match.index), end: stop, label: "private-key" });
  }
  return found;
}

/** Behind the closing line; where that is missing, behind the last row that may be of the key. */
function endOfKey(text: string, start: number, from: number): number {
  const rest = text.slice(from, start + longestKey);
  const closing = Array.from(rest.matchAll(end))[0];
  if (closing) return from + closing.index + closing[0].length;
  let at = from;
  for (const row of rest.split("\n")) {
    if (at > from && !keyRow.test(row)) break;
    at += row.length + 1;
  }
  return Math.min(at - 1, text.length);
}

function startOfKey(text: string, before: number): number {
  const from = Math.max(0, before - longestKey);
  const rows = text.slice(from, before).split("\n");
  let at = before - (rows.pop()?.length ?? 0);
  for (const row of rows.reverse()) {
    if (row.trim() === "" || !keyRow.test(row)) break;
    at -= row.length + 1;
  }
  return Math.max(at, 0);
}
