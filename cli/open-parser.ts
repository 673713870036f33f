import { Cli, Option, type Command, type CommandClass } from "clipanion";

/** An option as the parser keeps it. */
export interface ParserOption {
  readonly names: readonly string[];
  /** Values that it takes. */
  readonly arity: number;
}

export interface OpenParser {
  readonly cli: Cli;
  readonly options: readonly ParserOption[];
  /**
   * Keeps those options alone that were written, for parsing: the parser makes a machine of all of them before it reads a word, in a time that
   * grows with the square of their number. Words that are no option must have been refused before.
   */
  keepWritten(words: readonly string[]): void;
}

/** A parser of some commands whose options can be read and left out. */
export function openParser(commands: readonly CommandClass[]): OpenParser {
  const lists: ParserOption[][] = [];
  const opened = commands.map((command) => class extends (command as new () => Command & { execute(): Promise<number> }) {
    /** An option without a name; it is there for what it is shown. */
    readonly opened = Option.makeCommandOption<undefined>({ definition: ({ options }) => void lists.push(options), transformer: () => undefined });
  });
  return {
    cli: Cli.from(opened, { binaryName: "dispatch" }),
    options: lists.flat(),
    keepWritten(words) {
      for (const options of lists) options.splice(0, options.length, ...options.filter(({ names }) => names.some((name) => words.includes(name))));
    },
  };
}
