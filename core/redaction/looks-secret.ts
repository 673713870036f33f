import type { NamedValue } from "./named-value.js";

/**
 * How much a name says of its value: `strong` names are those of secrets alone, `named` ones are those of tokens and keys, and `weak` ones
 * are only believed where the value looks random.
 */
export type NameStrength = "strong" | "named" | "weak";

const leastValue = 6;
const leastRandom = 16;
/** The beginning of a long value tells what it is. */
const enough = 256;

/** What stands for a value in documents, types and templates. */
const placeholder = /^(?:[$%{<[(*]|x{4,}$|\.{3}|\d?\*|(?:true|false|null|none|nil|undefined|required|optional|string|number|boolean|object|unknown|bytes?|buffer|changeme|redacted|hidden|example|placeholder|your[-_].*|my[-_].*)$)/iu;
/** Such as `token1` or `secretKey`: the name of a variable. */
const variable = /(?:pass(?:word|wd|phrase|code)|token|secret|key|credential)s?[_-]?\d{0,2}$/iu;
const typeName = /^[A-Z][A-Za-z]+\d{1,2}[A-Z][a-z]+[A-Za-z]*$/u;
const aboutSecrets = /pass(?:word|wd|phrase|code)|token|secret|api[_ -]?key|credential|bearer/iu;
/** What is no secret although it holds digits: algorithms, colours, addresses. */
const wellKnown = /^(?:#[0-9A-Fa-f]{3,8}|https?:\/\/.*|[Bb]ase(?:16|32|58|64)(?:url|Url|URL)?|(?:sha|SHA)-?\d+|[HRE]S\d{3}|[hre]s\d{3}|(?:md|MD)5|(?:utf|UTF)-?(?:8|16)\w*|(?:aes|AES)-?\d*\w*|[Ee]d25519|[Xx]25519|ascii|latin1|[Oo][Aa]uth2?|v\d+)$/u;
const sentence = /^[\p{Lu}][\p{L}'\u2019-]*(?:,? [\p{L}\d'\u2019()-]+)+[.!?:\u2026]?$|^[\p{L}'\u2019]+(?: [\p{L}'\u2019]+){4,}[.!?:\u2026]?$/u;
const memberOrPath = /^(?:[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+|(?:~|\.{0,2})\/.*|[A-Za-z]:\\.*)$/u;
/** Of an environment. */
const capitals = /^[A-Z][A-Z0-9_]*$/u;

/** Whether the value is a secret, by the name that it is given to and by its own looks. */
export function looksSecret(name: string, { text, quoted, by, next }: NamedValue, strength: NameStrength): boolean {
  const value = text.slice(0, enough);
  if (value.length < leastValue || placeholder.test(value) || wellKnown.test(value)) return false;
  if (/pwd$/iu.test(name) && /^(?:~|\.{0,2})\//u.test(value)) return false;
  if (by === "prose" || by === "column") return isMixed(value) && value.length >= (by === "prose" ? 8 : leastRandom) && !isCode(value, next);
  if (strength === "weak") return isRandom(value) && (quoted || !isCode(value, next));
  if (!quoted && by === "spaced" && typeName.test(value)) return false;
  const random = /\d/u.test(value) && /[A-Za-z]/u.test(value);
  const given = quoted || by === "equals" || capitals.test(name);
  if ((random || (given && changesCase(value))) && !/\s/u.test(value) && !variable.test(value) && (quoted || !isCode(value, next))) return true;
  if (aboutSecrets.test(value) || sentence.test(value)) return false;
  if (quoted && !(by === "equals" && capitals.test(name))) return strength === "strong" && !/^[\s\W]*$/u.test(value) && !/[{}<>]|\$\{|%[sd]/u.test(value);
  if (isCode(value, next) || memberOrPath.test(value) || /[{}<>]/u.test(value)) return false;
  // Only digits: what the predecessor took for a secret after a bare name.
  if (/^\d+$/u.test(value)) return /^(?:--)?(?:[\w.-]*[_.-])?(?:token|secret|passw(?:or)?d|pwd|api[_-]?key)$/iu.test(name) && !/max|num|count|limit|total|size/iu.test(name);
  return by === "equals" && (capitals.test(name) || strength === "strong") && !capitals.test(value);
}

/** Long, and between capitals and small letters more often than words that are written together. */
function changesCase(value: string): boolean {
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/gu)?.length ?? 0;
  return value.length >= leastRandom && /^[A-Za-z+/=_-]+$/u.test(value) && changes >= value.length * 0.35;
}

/** Long, of the characters of a key, and going between digits, capitals and small letters all the time. */
function isRandom(value: string): boolean {
  const changes = value.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])/gu)?.length ?? 0;
  return value.length >= leastRandom && /^[A-Za-z0-9+/=_-]+$/u.test(value) && changes >= value.length * 0.25;
}

/** As people's passwords are made: digits, capitals and small letters in one word. */
function isMixed(value: string): boolean {
  return /\d/u.test(value) && /[a-z]/u.test(value) && /[A-Z]/u.test(value) && !/^[A-Z]?[a-z]+\d*$/u.test(value);
}

/** A call, a member, an index or an expression rather than a value. */
function isCode(value: string, next: string): boolean {
  return next === "(" || next === "[" || next === "{" || memberOrPath.test(value) || /^[!&+-]|\?\.|=>|[=!]==?|&&|\|\||\$\{|\\n/u.test(value);
}
