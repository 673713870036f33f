import { DispatchError } from "../core/errors/dispatch-error.js";
import { didYouMean } from "../core/text/nearest.js";

export interface OptionSpec {
  readonly names: readonly string[];
  readonly takesValue: boolean;
  /** What the option means where no value follows; without this a value is demanded. */
  readonly bare?: string | undefined;
}

export interface ReadArgv {
  /** Words for the parser; each value of an option is a placeholder, since the parser refuses values that begin with a dash or hold line ends. */
  readonly words: string[];
  /** -h or --help is among them. */
  readonly help: boolean;
  /** Gives the values back: any string that is a placeholder becomes what was written. */
  readonly restore: (word: string) => string;
}

/** Reads the words after the verb; an unknown option, or one without its value, is refused by name. */
export function readArgv(words: readonly string[], options: readonly OptionSpec[]): ReadArgv {
  const byName = new Map(options.flatMap((option) => option.names.map((name) => [name, option] as const)));
  const values: string[] = [];
  const out: string[] = [];
  let help = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      out.push(word, ...rest);
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      out.push(word);
      continue;
    }
    const [, name, bound] = /^(--[^=]+|-[^-])(?:=(.*))?$/s.exec(word) ?? [undefined, word, undefined];
    if (word === "-h" || word === "--help") {
      help = true;
      continue;
    }
    const option = byName.get(name);
    if (!option) throw usage(name, `Unknown option ${name}.${didYouMean(name, byName.keys())}`);
    out.push(name);
    if (!option.takesValue) {
      if (bound !== undefined) throw usage(name, `${name} takes no value.`);
      continue;
    }
    const isBare = bound === undefined && option.bare !== undefined && (rest[0]?.startsWith("-") ?? true);
    const value = bound ?? (isBare ? option.bare : rest.shift());
    if (value === undefined) throw usage(name, `${name} needs a value.`);
    if (bound === undefined && !isBare && byName.has(value)) throw usage(name, `${name} needs a value; write ${name}=${value} if ${value} is meant as one.`);
    out.push(placeholder(values.push(value) - 1));
  }
  return { words: out, help, restore: (word) => (word.startsWith("\0") ? values[Number(word.slice(1))] ?? word : word) };
}

/** An argument can hold no zero byte, so that nothing that was written looks like this. */
const placeholder = (index: number): string => `\0${index}`;

function usage(field: string, detail: string): DispatchError {
  return new DispatchError("invalid_argument", detail, { metadata: { field } });
}
