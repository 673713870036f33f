/** What is given to a name in a text. */
export interface NamedValue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly quoted: boolean;
  /** How it is given: `NAME=value` and the like; `name: value`; `--name value`; in the next column of a table; in a sentence. */
  readonly by: "equals" | "spaced" | "option" | "column" | "prose";
  /** The character after it. */
  readonly next: string;
}

/** How far a value may reach. */
const longest = 4_096;
/** What a name may be followed by where a value comes: nearly all names are told from it to have none, before they are read. */
const opening = /[\s=:>"'`\\,v]/uy;
/** name: X, value: Y of environments in YAML and JSON; key="X" value="Y" in XML. */
const pair = /^["']?(?:[ \t]*,)?\s*["']?value["']?[ \t]*[:=][ \t]*/u;
/** Its groups: `=` at the name; another sign, with or without blanks; the gap between two columns. */
const separator = /^(?:\\?["'`])?(?:(=)|\s*(=>|:=|[:=])[ \t]*)|^([ \t]{2,})(?=[^\s=:])|^[ \t](?=[^\s=:])/u;
const quotedValue = /^(?<quote>\\?["'`])(?<value>(?:\\[^\n\r]|''|(?!\k<quote>)[^\n\r\\])*)\k<quote>/u;
const escapedQuote = /^(?<quote>\\["'])(?<value>(?:(?!\k<quote>)[^\n\r])*)\k<quote>/u;
/** What a plain value ends before: a character that is of none, or another parameter of an address. */
const notPlain = /[\s"'`,;|()<>{}[\]]|&[A-Za-z_][\w.-]*=/gu;
const assigns = /(?:^|[\s;&|])(?:set(?:[ \t]+-\w+)+|setenv|export)[ \t]+$/u;
const sentence = /^["'`]?[ \t]+(?:is|was|=|:)[ \t]*(?::[ \t]*)?(?=\S)/u;

/** Where a plain value ends that begins at `start`. */
type PlainEnd = (start: number) => number;

/** Looks over a text for the ends of plain values; once for all values with the same end. */
export function plainEndsIn(text: string): PlainEnd {
  let from = 0;
  let end = -1;
  return (start) => {
    if (start < from || start > end) {
      notPlain.lastIndex = start;
      from = start;
      end = notPlain.exec(text)?.index ?? text.length;
    }
    return end;
  };
}

/** Whether a value may follow a name that ends at `end`. */
export function mayHaveValue(text: string, end: number): boolean {
  opening.lastIndex = end;
  return opening.test(text);
}

/** The value of the name that ends at `end`; undefined where none follows. */
export function valueAfter(text: string, end: number, name: string, plainEnd: PlainEnd): NamedValue | undefined {
  const readValue = (start: number, by: NamedValue["by"], nameIsQuoted = false): NamedValue | undefined => (
    quotedValueAt(text, start, by, nameIsQuoted) ?? plainValueAt(text, start, by, plainEnd(start))
  );
  if (text.startsWith("=", end)) return readValue(end + 1, "equals");
  const rest = text.slice(end, end + longest);
  const before = text.slice(Math.max(0, end - name.length - 40), end - name.length);
  const special = elementValue(rest, before) ?? definedValue(rest, before);
  if (special) return { start: end + special.at, end: end + special.at + special.text.length, text: special.text, quoted: true, by: "equals", next: "" };
  const paired = pair.exec(rest);
  if (paired) return readValue(end + paired[0].length, "equals");
  const between = separator.exec(rest);
  const [, equals, spaced, column] = between ?? [];
  if (between && (equals ?? spaced) !== undefined) return readValue(end + between[0].length, spaced === undefined ? "equals" : "spaced", /^\\?["'`]/u.test(between[0]));
  if (between && /^--?[A-Za-z]/u.test(name)) return readValue(end + between[0].length, "option");
  if (between && assigns.test(before)) return readValue(end + between[0].length, "equals");
  const told = sentence.exec(rest);
  if (told) return readValue(end + told[0].length, "prose");
  return between && column !== undefined ? readValue(end + between[0].length, "column") : undefined;
}

function quotedValueAt(text: string, start: number, by: NamedValue["by"], nameIsQuoted: boolean): NamedValue | undefined {
  const after = text.slice(start, start + longest);
  const quoted = /^[\\"'`]/u.test(after) ? escapedQuote.exec(after) ?? quotedValue.exec(after) : null;
  if (!quoted?.groups) return undefined;
  const value = quoted.groups["value"] ?? "";
  // The quotes go with it, as the predecessor had it; where the name has quotes too, it is JSON and stays JSON.
  const inside = nameIsQuoted ? (quoted.groups["quote"] ?? "").length : 0;
  return { start: start + inside, end: start + quoted[0].length - inside, text: value, quoted: true, by, next: after[quoted[0].length] ?? "" };
}

function plainValueAt(text: string, start: number, by: NamedValue["by"], stop: number): NamedValue | undefined {
  const plain = withoutStop(text.slice(start, Math.min(stop, start + longest)));
  return plain === "" ? undefined : { start, end: start + plain.length, text: plain, quoted: false, by, next: text[start + plain.length] ?? "" };
}

/** Without what ends the sentence that it stands in. */
function withoutStop(value: string): string {
  let end = value.length;
  while (end > 0 && ".:!?".includes(value.charAt(end - 1))) end--;
  return value.slice(0, end);
}

/** `<password>value</password>` */
function elementValue(rest: string, before: string): { at: number; text: string } | undefined {
  const found = before.endsWith("<") ? /^>([^<>\n]+)<\//u.exec(rest) : null;
  return found ? { at: 1, text: found[1] ?? "" } : undefined;
}

/** `define('NAME', 'value')` */
function definedValue(rest: string, before: string): { at: number; text: string } | undefined {
  const found = /["']$/u.test(before.slice(-1)) && /define\(\s*["']$/u.test(before) ? /^["']\s*,\s*["']([^"'\n]+)["']/u.exec(rest) : null;
  return found ? { at: found[0].length - 1 - (found[1] ?? "").length, text: found[1] ?? "" } : undefined;
}
