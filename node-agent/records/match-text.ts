/** A way in which an agent changes a user's text before it records it. `apply` maps both sides to a common form. */
interface Change {
  readonly name: string;
  readonly apply: (text: string) => string;
}

/**
 * Changes seen in Claude Code 2.1.197, Codex 0.169.0, Gemini CLI 0.61.0 and OpenCode 1.18.33 (2026-11-23):
 * blanks at the ends cut or added, tabs shown as four blanks, NFC composition, invisible characters dropped.
 */
const changes: readonly Change[] = [
  { name: "trailing_whitespace_changed", apply: (t) => t.replace(/\s+$/u, "") },
  { name: "leading_whitespace_changed", apply: (t) => t.replace(/^\s+/u, "") },
  { name: "tabs_expanded", apply: (t) => t.replaceAll("\t", "    ") },
  { name: "unicode_composed", apply: (t) => t.normalize("NFC") },
  { name: "invisible_characters_dropped", apply: (t) => t.replace(/[\p{Cf}\p{Cc}\u2028\u2029]/gu, keepLayout) },
];

function keepLayout(character: string): string {
  return character === "\n" || character === "\t" ? character : "";
}

/** Applies `selected` in table order, so that one pass serves every combination. */
function canonical(text: string, selected: readonly Change[]): string {
  return selected.reduce((t, change) => change.apply(t), text);
}

/** All subsets of the table, smallest first. */
const combinations: readonly (readonly Change[])[] = Array.from({ length: 1 << changes.length }, (_, bits) =>
  changes.filter((_change, index) => (bits >> index) & 1),
).sort((a, b) => a.length - b.length);

/**
 * Is `recorded` the text that was pasted? Answers with the fewest named changes that make them equal
 * (none: the same bytes), or undefined where no combination does.
 */
export function matchText(pasted: string, recorded: string): readonly string[] | undefined {
  if (pasted === recorded) return [];
  if (canonical(pasted, changes) !== canonical(recorded, changes)) return undefined;
  const found = combinations.find((c) => canonical(pasted, c) === canonical(recorded, c));
  return found?.map((change) => change.name);
}

/** What `matchPart` found: the piece of a merged message that is ours. */
export interface PartMatch {
  readonly text: string;
  readonly transformation: readonly string[];
  /** Changes beside the text, by name. */
  readonly beside: readonly string[];
}

/** Is the pasted text one part of a message that an agent merged from several prompts with `separator`? */
export function matchPart(pasted: string, recorded: string, separator: string): PartMatch | undefined {
  const parts = recorded.split(separator);
  const ours = pasted.trim().split(separator).length;
  for (let first = 0; first + ours <= parts.length; first++) {
    const text = parts.slice(first, first + ours).join(separator);
    const transformation = matchText(pasted, text);
    if (transformation) return { text, transformation, beside: ["merged_with_other_prompts"] };
  }
  return undefined;
}
