import type { PreparedText, PrepareOptions } from "./agent-adapter.js";

/** One way in which an agent would not take a text as a prompt, and its cure. */
export interface Defusal {
  readonly name: string;
  readonly applies: (text: string) => boolean;
  readonly cure: (text: string) => string;
}

/** A text that an agent would not take as a prompt, without a cure. */
export interface Danger {
  readonly refusal: string;
  readonly applies: (text: string, options: PrepareOptions) => boolean;
}

/** `!` as the first character makes the text a shell command. */
export const leadingBang: Defusal = {
  name: "space_before_bang",
  applies: (text) => text.startsWith("!"),
  cure: (text) => ` ${text}`,
};

/** A backslash before the submit key asks for a new line instead. */
export const trailingBackslash: Defusal = {
  name: "space_after_backslash",
  applies: (text) => text.endsWith("\\"),
  cure: (text) => `${text} `,
};

/** With the cursor behind a word such as `@README.md`, the submit key goes to the file menu. */
export const trailingMention: Defusal = {
  name: "space_after_mention",
  applies: (text) => /(?:^|[^\w@])@\S*$/u.test(text),
  cure: (text) => `${text} `,
};

/** Words that end the program, whatever blanks stand around them. */
export function exitWords(agent: string, ...words: readonly string[]): Danger {
  return {
    refusal: `${agent} takes this word as the command to exit; put it into a sentence.`,
    applies: (text) => words.includes(text.trim()),
  };
}

/** A text that is nothing but the path of a file that is there (quoted, as a URL, or with blanks around it): the file is taken instead. */
export function pathAlone(agent: string, kinds: RegExp): Danger {
  return {
    refusal: `${agent} would take the file instead of its path, so the delivery could not be proven; put a word behind the path.`,
    applies: (text, { fileExists }) => kinds.test(bare(text)) && fileExists(bare(text)),
  };
}

/** A text that ends with the path of an image that is there, behind a blank or a line end: the image is taken instead of its path. */
export function trailingImage(agent: string): Danger {
  return {
    refusal: `${agent} would take the image instead of its path, so the delivery could not be proven; put a word behind the path.`,
    applies: (text, { fileExists }) => {
      const line = text.trimEnd().split("\n").at(-1) ?? "";
      if (!images.test(bare(line))) return false;
      // Paths may hold blanks, so that one may begin at any of them.
      const starts = [0, ...Array.from(line.matchAll(/\s(?=["']?(?:[/~.]|file:))/gu), (match) => match.index + 1)];
      return starts.some((start) => fileExists(bare(line.slice(start))));
    },
  };
}

export const images = /\.(?:png|jpe?g|gif|webp|bmp)$/iu;

/** A path without the blanks, quotes, escapes and URL scheme that a terminal puts around one that is dropped into it. */
function bare(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/su, "$2").replace(/^file:\/\//iu, "").replaceAll("\\ ", " ");
}

/** Applies the cures that are needed, in order, or refuses. */
export function defuse(text: string, options: PrepareOptions, rules: { dangers: readonly Danger[]; defusals: readonly Defusal[] }): PreparedText {
  const danger = rules.dangers.find((each) => each.applies(text, options));
  if (danger) return { text, transformation: [], refusal: danger.refusal };
  const needed = rules.defusals.filter((defusal) => defusal.applies(text));
  return { text: needed.reduce((t, defusal) => defusal.cure(t), text), transformation: needed.map((defusal) => defusal.name) };
}
