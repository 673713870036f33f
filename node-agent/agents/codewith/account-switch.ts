import type { ScreenRow } from "../../screen/screen.js";

/** So many rows from the queue a notice is taken to be about it (documented: eight on each side). */
const nearRows = 8;

const queueHead = /^• (?:Queued follow-up inputs|Messages to be submitted)/u;
const notices = [
  /\b(?:account|profile)\b.*\b(?:limit|exhausted|used up)\b/iu, /\b(?:limit|quota)\b.*\b(?:account|profile)\b/iu,
  /\bauth\b.*\bauto-?switch/iu, /\b(?:switch|switching|choose|select)\b.*\b(?:account|profile)\b/iu, /\b(?:account|profile) switch\b/iu,
];

const blank: ScreenRow = { text: "", runs: [] };

/**
 * Takes the rows of a notice about accounts out of a screen with a queue, and tells what is asked of a person. What is indented belongs to
 * the queue or to a model's words, and what follows a prompt glyph is somebody's text.
 */
export function withoutAccountSwitch(rows: readonly ScreenRow[]): { rows: readonly ScreenRow[]; actionNeeded: string | undefined } {
  const heads = rows.flatMap(({ text }, index) => (queueHead.test(text) ? [index] : []));
  const isNotice = ({ text }: ScreenRow, index: number): boolean =>
    heads.some((head) => head !== index && Math.abs(head - index) <= nearRows) && /^[^\s›]/u.test(text) && notices.some((notice) => notice.test(text));
  const rest = rows.map((row, index) => (isNotice(row, index) ? blank : row));
  return { rows: rest, actionNeeded: rest.some((row, index) => row !== rows[index]) ? "its account is at its limit or is being switched" : undefined };
}
