import { cookieValuesIn } from "./cookie-values.js";
import { keptRulesIn } from "./kept-rules.js";
import { namedSecretsIn } from "./named-secrets.js";
import type { SecretRange } from "./secret-range.js";
import { holdsOneOf } from "./holds-one-of.js";
import { joinFullRows } from "./full-rows.js";
import { longWordsIn } from "./long-words.js";
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
  const whole = withoutSecrets(text, secrets);
  if (lastRows === undefined) return { text: whole, count: secrets.length };
  // Both have as many rows.
  const above = rowsOf(text) - lastRows;
  const from = startOfRow(text, above);
  return { text: whole.slice(startOfRow(whole, above)), count: secrets.filter(({ end }) => end > from).length };
}

function withoutSecrets(text: string, secrets: readonly SecretRange[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, label } of secrets) {
    pieces.push(text.slice(at, start), `<redacted:${label}>`);
    // Rows stay rows: the line ends that a secret went over come after what stands for it.
    const secret = text.slice(start, end);
    if (secret.includes("\n")) pieces.push(secret.replaceAll(/[^\n]/gu, ""));
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join("");
}

function rowsOf(text: string): number {
  let rows = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) rows++;
  return rows;
}

/** Where the row begins that has so many above it. */
function startOfRow(text: string, above: number): number {
  let at = 0;
  for (let row = 0; row < above; row++) {
    const rowEnd = text.indexOf("\n", at);
    if (rowEnd < 0) return text.length;
    at = rowEnd + 1;
  }
  return at;
}

/** In the order in which they name what overlaps: our shapes, secretlint's, then what only its name makes a secret. */
async function secretsIn(text: string): Promise<SecretRange[]> {
  const words = longWordsIn(text);
  const tokens = [...privateKeysIn(text), ...tokensIn(text, words), ...vendorTokensIn(words), ...cookieValuesIn(text)];
  // Where secretlint takes a whole address for the password in it, the password is enough.
  const holdsToken = holdsOneOf(tokens);
  const others = (await keptRulesIn(text)).filter((other) => !holdsToken(other));
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
