/** Flags that a command may be given. Whatever is not named is refused. */
export interface FlagList {
  /** Single letters without a value, as they may stand together behind one hyphen. */
  readonly letters?: string;
  /** Single letters with a value: joined to it, or before it. */
  readonly valueLetters?: string;
  /** Long flags without a value; with `=…` where the program knows that. */
  readonly long?: readonly string[];
  /** Long flags with a value: after `=`, or as the next word. */
  readonly valueLong?: readonly string[];
  /** Whether `-5` is a count. */
  readonly numbers?: boolean;
  /** Whether words that are no flags may follow; `inside` takes no path that leads out of the folder. */
  readonly words?: boolean | "inside";
  /** No value may match this. */
  readonly badValue?: RegExp;
}

/** The first word that is not on the list; undefined where all are. A value that is a word of its own begins with no hyphen. */
export function firstUnknown(words: readonly string[], flags: FlagList): string | undefined {
  const rest = [...words];
  const takesWord = (): boolean => isValue(rest.shift(), flags);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") return rest.find((each) => !isOperand(each, flags));
    if (!word.startsWith("-") || word === "-") {
      if (!isOperand(word, flags)) return word;
    } else if (word.startsWith("--") ? !isLong(word, flags, takesWord) : !isShort(word, flags, takesWord)) return word;
  }
  return undefined;
}

function isOperand(word: string, { words }: FlagList): boolean {
  return words === "inside" ? !/^[/~-]/u.test(word) && !word.split("/").includes("..") : words === true;
}

function isLong(word: string, flags: FlagList, takesWord: () => boolean): boolean {
  const equals = word.indexOf("=");
  const name = word.slice(2, equals < 0 ? undefined : equals);
  const bound = equals < 0 ? undefined : word.slice(equals + 1);
  if (flags.long?.includes(name)) return bound === undefined || isGood(bound, flags);
  if (!flags.valueLong?.includes(name)) return false;
  return bound === undefined ? takesWord() : isGood(bound, flags);
}

function isShort(word: string, flags: FlagList, takesWord: () => boolean): boolean {
  if (flags.numbers === true && /^-\d+$/u.test(word)) return true;
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    if (flags.valueLetters?.includes(letter)) return at + 1 < word.length ? isGood(word.slice(at + 1), flags) : takesWord();
    if (!flags.letters?.includes(letter)) return false;
  }
  return true;
}

/** What looks like a flag is none of our values: a program that takes it for a flag all the same gets nothing past the list. */
function isValue(word: string | undefined, flags: FlagList): boolean {
  return word !== undefined && !word.startsWith("-") && isGood(word, flags);
}

function isGood(value: string, { badValue }: FlagList): boolean {
  return badValue?.test(value) !== true;
}
