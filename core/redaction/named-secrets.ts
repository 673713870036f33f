import { looksSecret, type NameStrength } from "./looks-secret.js";
import { mayHaveValue, plainEndsIn, valueAfter } from "./named-value.js";
import type { SecretRange } from "./secret-range.js";

/** The words by which a name is that of a secret; they end it. The group: names of secrets alone. */
const nameEnd = /(?:api|access|secret|private|auth|encryption|signing|master|preshared)[ _-]?key(?:[_-]?base)?|client-key-data|(passwords?|passwd|passphrase|secret)|pwd|token|credentials?/giu;
/** Words that end names of other things as well: of an environment, or behind a word that says whose it is. */
const weakKey = /(?:KEY|[Kk]ey)(?![A-Za-z0-9_])(?<=[A-Z0-9]_KEY|(?:license|deploy|app|hmac|client|consumer|storage|account|webhook|jwt|cipher|crypto|shared)(?:[_-]k|K)ey)/gu;
const shortPassword = /(?:PASS|[Pp]ass|P[Ww]|pw)(?![A-Za-z0-9_])(?<=[A-Z0-9]_(?:PASS|PW)|(?:db|database|user|admin|root|smtp|mail|ftp|ssh|mysql|pg|postgres|redis|mongo|ldap|proxy|auth|login|http|registry|keystore|key|cert|store)(?:[_-]pass|Pass|[_-]pw|Pw))/gu;
/** Keys that are meant to be seen, or that find things. */
const openKeys = /(?:PUBLIC|PUBLISHABLE|CACHE|PRIMARY|FOREIGN|SORT|PARTITION|ROW|IDEMPOTENCY|HOST)_KEY$/u;

/** Further back a name says nothing that its end does not. */
const longestName = 256;
const isNameCode = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9_.-]/u.test(String.fromCharCode(code)) ? 1 : 0));

/** Values that are secrets because of the name that they are given to: environment, JSON, YAML, XML, options, assignments, sentences. */
export function namedSecretsIn(text: string): SecretRange[] {
  const found: SecretRange[] = [];
  const plainEnd = plainEndsIn(text);
  const look = (match: RegExpExecArray, strength: NameStrength): void => {
    const end = match.index + match[0].length;
    if (!mayHaveValue(text, end)) return;
    const name = nameBefore(text, match.index, match[0]);
    const value = name === undefined || openKeys.test(name) ? undefined : valueAfter(text, end, name, plainEnd);
    if (name !== undefined && value && looksSecret(name, value, strength)) found.push({ start: value.start, end: value.end, label: "secret" });
  };
  for (const match of text.matchAll(nameEnd)) look(match, match[1] === undefined ? "named" : "strong");
  for (const match of text.matchAll(weakKey)) look(match, "weak");
  for (const match of text.matchAll(shortPassword)) look(match, "named");
  return found;
}

/** The whole name that ends with the word, or the last of it where it is very long; undefined where the word is only a part of another one. */
function nameBefore(text: string, start: number, word: string): string | undefined {
  let from = start;
  const least = Math.max(0, start - longestName);
  while (from > least && isNameCode[text.charCodeAt(from - 1)] === 1) from--;
  const before = text[start - 1] ?? "";
  const goesOn = from < start && ((/[a-z]/u.test(before) && /^[a-z]/u.test(word)) || (/[A-Z]/u.test(before) && /^[A-Z]/u.test(word)));
  return goesOn && !/^(?:passw|secret|TOKEN)/iu.test(word) ? undefined : text.slice(from, start) + word;
}
