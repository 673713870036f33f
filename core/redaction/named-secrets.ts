import type { SecretRange } from "./secret-range.js";

/** The words by which a name is that of a secret; they end it. */
const nameEnd = /(?:api|access|secret|private|auth|encryption|signing|master)[_-]?key(?:[_-]?base)?|(?<strong>passwords?|passwd|passphrase|secret)|pwd|token|credentials?/giu;
const leastValue = 6;

/** What stands for a value in documents, types and templates. */
const placeholder = /^(?:[$%{<[(*]|x{4,}$|\.{3}|(?:true|false|null|none|nil|undefined|required|optional|string|number|boolean|object|unknown|bytes?|buffer|changeme|redacted|hidden|example|placeholder|your[-_].*|my[-_].*)$)/iu;
/** Such as `token1` or `secretKey`: the name of a variable. */
const variable = /(?:pass(?:word|wd|phrase|code)|token|secret|key|credential)s?[_-]?\d{0,2}$/iu;
const typeName = /^[A-Z][A-Za-z]+\d{1,2}[A-Z][a-z]+[A-Za-z]*$/u;
const aboutSecrets = /pass(?:word|wd|phrase|code)|token|secret|api[_ -]?key|credential|bearer/iu;
/** What is no secret although it holds digits: algorithms, colours, addresses. */
const wellKnown = /^(?:#[0-9A-Fa-f]{3,8}|https?:\/\/.*|[Bb]ase(?:16|32|58|64)(?:url|Url|URL)?|(?:sha|SHA)-?\d+|[HRE]S\d{3}|[hre]s\d{3}|(?:md|MD)5|(?:utf|UTF)-?(?:8|16)\w*|(?:aes|AES)-?\d*\w*|[Ee]d25519|[Xx]25519|ascii|latin1|[Oo][Aa]uth2?|v\d+)$/u;
const sentence = /^[\p{Lu}][\p{L}'\u2019-]*(?:,? [\p{L}\d'\u2019()-]+)+[.!?:\u2026]?$|^[\p{L}'\u2019]+(?: [\p{L}'\u2019]+){4,}[.!?:\u2026]?$/u;
const memberOrPath = /^(?:[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+|(?:~|\.{0,2})\/.*|[A-Za-z]:\\.*)$/u;

/** Values that are secrets because of the name that they are given to: environment, JSON, YAML, options, assignments. */
export function namedSecretsIn(text: string): SecretRange[] {
  const found: SecretRange[] = [];
  for (const match of text.matchAll(nameEnd)) {
    const end = match.index + match[0].length;
    const name = nameBefore(text, match.index, match[0]);
    const value = name === undefined ? undefined : valueAfter(text, end, name);
    if (name !== undefined && value && isSecret(name, value, match.groups?.["strong"] !== undefined)) found.push({ start: value.start, end: value.end, label: "secret" });
  }
  return found;
}

/** The whole name that ends with the word; undefined where the word is only a part of another one. */
function nameBefore(text: string, start: number, word: string): string | undefined {
  let from = start;
  while (from > 0 && /[A-Za-z0-9_.-]/u.test(text[from - 1] ?? "")) from--;
  const before = text[start - 1] ?? "";
  const goesOn = from < start && ((/[a-z]/u.test(before) && /^[a-z]/u.test(word)) || (/[A-Z]/u.test(before) && /^[A-Z]/u.test(word)));
  return goesOn && !/^(?:passw|secret|TOKEN)/iu.test(word) ? undefined : text.slice(from, start) + word;
}

interface Value {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly quoted: boolean;
  /** How it is given: `NAME=value`, `name: value` and the like, or `--name value`. */
  readonly by: "equals" | "spaced" | "option";
  /** The character after it. */
  readonly next: string;
}

const separator = /^(?:\\?["'`])?(?:(?<equals>=)|\s*(?<spaced>=>|:=|[:=])[ \t]*|[ \t]+(?=[^\s=:]))/u;
const quotedValue = /^(?<quote>\\?["'`])(?<value>(?:(?!\k<quote>)[^\n\r])*)\k<quote>/u;
const plainValue = /^[^\s"'`,;|()<>{}[\]]+/u;

function valueAfter(text: string, end: number, name: string): Value | undefined {
  const rest = text.slice(end, end + 4_096);
  const between = separator.exec(rest);
  if (!between) return undefined;
  const by = between.groups?.["equals"] ? "equals" : between.groups?.["spaced"] ? "spaced" : "option";
  if (by === "option" && !/^--?[A-Za-z]/u.test(name)) return undefined;
  const after = rest.slice(between[0].length);
  const start = end + between[0].length;
  const quoted = quotedValue.exec(after);
  if (quoted?.groups) {
    const value = quoted.groups["value"] ?? "";
    // The quotes go with it, as the predecessor had it; where the name has quotes too, it is JSON and stays JSON.
    const inside = /^\\?["'`]/u.test(between[0]) ? (quoted.groups["quote"] ?? "").length : 0;
    return { start: start + inside, end: start + quoted[0].length - inside, text: value, quoted: true, by, next: after[quoted[0].length] ?? "" };
  }
  const plain = plainValue.exec(after)?.[0].replace(/[.:!?]+$/u, "") ?? "";
  return plain === "" ? undefined : { start, end: start + plain.length, text: plain, quoted: false, by, next: after[plain.length] ?? "" };
}

function isSecret(name: string, { text: value, quoted, by, next }: Value, strong: boolean): boolean {
  if (value.length < leastValue || placeholder.test(value) || wellKnown.test(value)) return false;
  if (/pwd$/iu.test(name) && /^(?:~|\.{0,2})\//u.test(value)) return false;
  if (!quoted && by === "spaced" && typeName.test(value)) return false;
  const random = /\d/u.test(value) && /[A-Za-z]/u.test(value);
  if ((random || ((quoted || by === "equals") && changesCase(value))) && !/\s/u.test(value) && !variable.test(value) && (quoted || !isCode(value, next))) return true;
  if (aboutSecrets.test(value) || sentence.test(value)) return false;
  if (quoted) return strong && !/^[\s\W]*$/u.test(value) && !/[{}<>]|\$\{|%[sd]/u.test(value);
  if (isCode(value, next) || memberOrPath.test(value)) return false;
  // Only digits: what the predecessor took for a secret after a bare name.
  if (/^\d+$/u.test(value)) return /^(?:--)?(?:[\w.-]*[_.-])?(?:token|secret|passw(?:or)?d|pwd|api[_-]?key)$/iu.test(name) && !/max|num|count|limit|total|size/iu.test(name);
  return by === "equals" && (/^[A-Z][A-Z0-9_]*$/u.test(name) || strong) && !/^[A-Z][A-Z0-9_]*$/u.test(value);
}

/** Long, and between capitals and small letters more often than words that are written together. */
function changesCase(value: string): boolean {
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/gu)?.length ?? 0;
  return value.length >= 16 && /^[A-Za-z+/=_-]+$/u.test(value) && changes >= value.length * 0.35;
}

/** A call, a member, an index or an expression rather than a value. */
function isCode(value: string, next: string): boolean {
  return next === "(" || next === "[" || next === "{" || memberOrPath.test(value) || /^[!&+-]|\?\.|=>|[=!]==?|&&|\|\||\$\{|\\n/u.test(value);
}
