import { cookieValuesIn } from "./cookie-values.js";
import { keptRulesIn } from "./kept-rules.js";
import { namedSecretsIn } from "./named-secrets.js";
import type { SecretRange } from "./secret-range.js";
import { joinFullRows } from "./full-rows.js";
import { privateKeysIn } from "./private-keys.js";
import { tokensIn } from "./token-shapes.js";
import { vendorTokensIn } from "./vendor-tokens.js";

export interface Redacted {
  readonly text: string;
  /** Secrets that were replaced. */
  readonly count: number;
}

export interface RedactOptions {
  /** Columns of the pane that the text is from: a secret that goes on in the next row is found where the first row is full. */
  readonly width?: number | undefined;
  /** Only so many rows of the end are wanted; those above tell what they belong to, such as a private key that began there. */
  readonly lastRows?: number | undefined;
}

/** The text with every secret replaced by `<redacted:what it is>`. What is redacted already stays as it is. */
export async function redact(text: string, { width, lastRows }: RedactOptions = {}): Promise<Redacted> {
  if (text === "") return { text, count: 0 };
  const joined = width === undefined ? undefined : joinFullRows(text, width);
  const ranges = [...await secretsIn(text), ...(joined ? (await secretsIn(joined.text)).map((range) => joined.toOriginal(range)) : [])];
  const secrets = merge(ranges.filter(({ start }) => !text.startsWith("<redacted:", start)));
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, label } of secrets) {
    // Rows stay rows: the line ends that a secret went over come after what stands for it.
    const secret = text.slice(start, end);
    pieces.push(text.slice(at, start), `<redacted:${label}>`, secret.includes("\n") ? secret.replaceAll(/[^\n]/gu, "") : "");
    at = end;
  }
  const whole = pieces.join("") + text.slice(at);
  if (lastRows === undefined) return { text: whole, count: secrets.length };
  const from = startOfRows(text, lastRows);
  return { text: whole.slice(startOfRows(whole, lastRows)), count: secrets.filter(({ end }) => end > from).length };
}

/** Where the last rows begin. */
function startOfRows(text: string, rows: number): number {
  let at = text.length;
  for (let row = 0; row < rows; row++) {
    if (at < 0) return 0;
    at = at === 0 ? -1 : text.lastIndexOf("\n", at - 1);
  }
  return at + 1;
}

/** In the order in which they name what overlaps: our shapes, secretlint's, then what only its name makes a secret. */
async function secretsIn(text: string): Promise<SecretRange[]> {
  const tokens = [...privateKeysIn(text), ...tokensIn(text), ...vendorTokensIn(text), ...cookieValuesIn(text)];
  // Where secretlint takes a whole address for the password in it, the password is enough.
  const others = (await keptRulesIn(text)).filter(({ start, end }) => !tokens.some((token) => token.start >= start && token.end <= end));
  return [...tokens, ...others, ...namedSecretsIn(text)];
}

/** Overlapping ranges become one, named by the first that was found of them. */
function merge(ranges: readonly SecretRange[]): SecretRange[] {
  const merged: (SecretRange & { rank: number })[] = [];
  const ranked = ranges.map(({ start, end, label }, rank) => ({ start, end, label, rank })).toSorted((a, b) => a.start - b.start || a.rank - b.rank);
  for (const range of ranked) {
    const last = merged.at(-1);
    if (!last || range.start >= last.end) merged.push(range);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end), label: range.rank < last.rank ? range.label : last.label, rank: Math.min(last.rank, range.rank) };
  }
  return merged;
}
