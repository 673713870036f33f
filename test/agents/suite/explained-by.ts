/**
 * What each declared transformation may do to a text, brought to a common form. Written apart from the product: a name that is not known here
 * explains nothing.
 */
const forms: Readonly<Record<string, (text: string) => string>> = {
  line_ends_to_lf: (text) => text.replaceAll("\r\n", "\n").replaceAll("\r", "\n"),
  escape_sequences_removed: withoutEscapes,
  control_characters_removed: (text) => Array.from(text).filter((character) => !isControl(character)).join(""),
  space_before_slash: (text) => text.trimStart(),
  braille_blank_before_slash: (text) => text.replace(/^\u2800/u, ""),
  space_after_emoji_name: (text) => text.trimEnd(),
  space_before_bang: (text) => text.trimStart(),
  space_after_backslash: (text) => text.trimEnd(),
  space_after_mention: (text) => text.trimEnd(),
  trailing_whitespace_changed: (text) => text.trimEnd(),
  leading_whitespace_changed: (text) => text.trimStart(),
  tabs_expanded: (text) => text.replaceAll("\t", "    "),
  unicode_composed: (text) => text.normalize("NFC"),
  invisible_characters_dropped: (text) => text.replace(/[\p{Cf}\u2028\u2029]/gu, ""),
};

/** Changes beside the text. */
const merged = "merged_with_other_prompts";
const wrapped = "wrapped_as_pasted_content";

/** Do the declared transformations, and nothing else, make the text that was sent and the one that arrived the same? */
export function isExplainedBy(sent: string, got: string, declared: readonly string[]): boolean {
  if (unknownNames(declared).length > 0) return false;
  const arrived = declared.includes(wrapped) ? withoutTags(got) : got;
  const form = (text: string) => declared.reduce((value, name) => forms[name]?.(value) ?? value, text);
  if (form(sent) === form(arrived)) return true;
  return declared.includes(merged) && `\n\n${form(arrived)}\n\n`.includes(`\n\n${form(sent)}\n\n`);
}

export function unknownNames(declared: readonly string[]): string[] {
  return declared.filter((name) => name !== merged && name !== wrapped && forms[name] === undefined);
}

function withoutTags(text: string): string {
  return /^\s*<pasted_content id="([^"]*)">\n([\s\S]*)\n<\/pasted_content id="\1">\s*$/u.exec(text)?.[2] ?? text;
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (code < 32 && character !== "\n" && character !== "\t") || (code >= 127 && code < 160);
}

/** Removes CSI sequences, strings (OSC, DCS, PM, APC, SOS) with their contents, and two-character escapes, by walking the text. */
function withoutEscapes(text: string): string {
  let kept = "";
  for (let at = 0; at < text.length;) {
    const after = escapeEnd(text, at);
    if (after === at) kept += text[at++];
    else at = after;
  }
  return kept;
}

function escapeEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text[at + 1] ?? "";
  if (first === 0x9b || (first === 0x1b && second === "[")) {
    let end = at + (first === 0x9b ? 1 : 2);
    while (end < text.length && text.charCodeAt(end) >= 0x20 && text.charCodeAt(end) < 0x40) end++;
    return end < text.length && text.charCodeAt(end) >= 0x40 && text.charCodeAt(end) < 0x7f ? end + 1 : at;
  }
  if ([0x90, 0x98, 0x9d, 0x9e, 0x9f].includes(first) || (first === 0x1b && "]PX^_".includes(second) && second !== "")) {
    for (let end = at + 1; end < text.length; end++) {
      if (text[end] === "\u0007" || text.charCodeAt(end) === 0x9c) return end + 1;
      if (text[end] === "\u001b" && end > at + 1) return text[end + 1] === "\\" ? end + 2 : at;
    }
    return at;
  }
  if (first !== 0x1b) return at;
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) >= 0x20 && text.charCodeAt(end) < 0x30) end++;
  return end < text.length && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) < 0x7f ? end + 1 : at;
}
