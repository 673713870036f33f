/**
 * What a shell makes of a word of which every character stands for itself: plain, in '…', in "…" without expansions, or after a backslash.
 * Undefined for every other word. `bare` characters outside of quotes are few on purpose: bash and zsh agree on them.
 */
export function literalWord(source: string): string | undefined {
  let value = "";
  let rest = source;
  while (rest !== "") {
    const [matched, plain, single, double, escaped] = piece.exec(rest) ?? [];
    if (matched === undefined) return undefined;
    value += plain ?? single ?? double?.replaceAll(/\\(["\\])/gu, "$1") ?? escaped ?? "";
    rest = rest.slice(matched.length);
  }
  // A tilde at the start, or after what may be an assignment or a list of paths, is somebody's home.
  return /^~|^[^'"\\]*[=:]~/u.test(source) || source.startsWith("=") ? undefined : value;
}

// In "…" a backslash is refused before a line's end, $ and `, and history expansion takes ! there too.
const piece = /^(?:([A-Za-z0-9_@%+=:,./~-]+|[^\u0000-\u007F]+)|'([^']*)'|"((?:[^"\\$`!]|\\[^$`!\n])*)"|\\([\u0020-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007E]))/u;

/** The word written so that bash, zsh and sh read it as itself: what is typed is made from the words that were judged. */
export function quoteWord(word: string): string {
  if (/^(?:[A-Za-z0-9_@%+:,./-]+|-[A-Za-z0-9_@%+=:,./-]+)$/u.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
