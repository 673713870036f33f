import { DispatchError } from "../errors/dispatch-error.js";

const unitsMs: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/u, 1], [/^(?:s|secs?|seconds?)$/u, 1_000], [/^(?:m|mins?|minutes?)$/u, 60_000],
  [/^(?:h|hrs?|hours?)$/u, 3_600_000], [/^(?:d|days?)$/u, 86_400_000], [/^(?:w|weeks?)$/u, 604_800_000],
];

/** A hundred years: what is longer is a slip of the pen, and would leave the range of dates. */
const longestMs = 100 * 366 * 86_400_000;

/**
 * `30m`, `1h30m`, `5 minutes`, `1 hour 30 minutes`, `1.5h`, or ISO 8601 (`PT1H30M`, `P1D`, `P2W`) as milliseconds.
 * Months and years have no fixed length and are refused. `invalid_argument` names the option.
 */
export function parseInterval(text: string, option: string): number {
  const trimmed = text.trim();
  const total = /^p/iu.test(trimmed) ? isoMs(trimmed) : wordsMs(trimmed.toLowerCase());
  const rounded = Math.round(total);
  if (rounded > 0 && rounded <= longestMs) return rounded;
  const why = /^p[^t]*[my]/iu.test(trimmed) || /\d\s*(?:mo|month|y|year)/iu.test(trimmed)
    ? `"${text}" has months or years, which have no fixed length; write days, or use --cron.`
    : rounded > longestMs ? `"${text}" is longer than a hundred years.` : `"${text}" is not a time; write such as 30m, 1h30m, "5 minutes" or PT1H30M.`;
  throw new DispatchError("invalid_argument", `${option}: ${why}`, { metadata: { field: option, value: text } });
}

function wordsMs(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+$/u.test(text)) return Number.NaN;
  let total = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const [, amount, word = ""] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gu)) {
    const unit = unitsMs.find(([pattern]) => pattern.test(word))?.[1];
    // Each unit once, from large to small: `30m1h` is more likely a slip than meant.
    if (unit === undefined || unit >= smallest) return Number.NaN;
    smallest = unit;
    total += Number(amount) * unit;
  }
  return total;
}

function isoMs(text: string): number {
  const found = /^P(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/iu.exec(text);
  if (!found || /[PT]$/iu.test(text)) return Number.NaN;
  const parts = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000];
  return parts.reduce((sum, unit, index) => sum + Number((found[index + 1] ?? "0").replace(",", ".")) * unit, 0);
}

/** Milliseconds as `1h30m`, from days to milliseconds. */
export function formatInterval(milliseconds: number): string {
  let left = milliseconds;
  let text = "";
  for (const [unit, size] of [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1_000], ["ms", 1]] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text || "0s";
}
