import type { Cli, Command, CommandClass, Definition } from "clipanion";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { readArgv } from "./argv.js";
import { openParser } from "./open-parser.js";
import { verbHelp } from "./output/verb-help.js";

/** What an option that may stand without its value means then. */
const bareValues: Readonly<Record<string, string>> = { "--wait": "delivered", "--catch-up": "now" };

/** Parses the words of one verb and runs it; returns the exit code. */
export async function runVerb(verb: string, words: readonly string[], all: CommandClass[]): Promise<number> {
  const commands = begunBy(all, [verb, ...words]);
  const parser = openParser(commands);
  const { cli } = parser;
  const specs = parser.options.map(({ names, arity }) => ({ names, takesValue: arity > 0, bare: names.map((name) => bareValues[name]).find(Boolean) }));
  const { words: read, help, restore } = readArgv(words, specs);
  if (help) {
    process.stdout.write(verbHelp(askedFor(cli.definitions(), [verb, ...read])));
    return 0;
  }
  parser.keepWritten(read);
  const command = parse(cli, [verb, ...read], commands.map(({ paths = [] }) => ["dispatch", ...(paths.find(([first]) => first === verb) ?? [])].join(" ")));
  for (const [key, value] of Object.entries(command)) {
    if (typeof value === "string") Object.assign(command, { [key]: restore(value) });
  }
  return (await command.validateAndExecute()) ?? 0;
}

/** Those whose name of several words (`node token`) the words begin with; all where there is none. */
function begunBy(commands: CommandClass[], words: readonly string[]): CommandClass[] {
  const begun = commands.filter(({ paths = [] }) => paths.some((path) => path.length > 1 && path.every((word, index) => words[index] === word)));
  return begun.length > 0 ? begun : commands;
}

/** Those of the verb's commands that the words name; all where they name none. */
function askedFor(definitions: Definition[], words: readonly string[]): Definition[] {
  const named = definitions.filter(({ path }) => path.split(" ").slice(1).every((word, index) => words[index] === word));
  return named.length > 0 ? named : definitions;
}

/** The parser's own refusals, in our words; `names` has one of each command. */
function parse(cli: Cli, words: string[], names: readonly string[]): Command {
  try {
    return cli.process(words, {});
  } catch (error) {
    const [line = ""] = (error as Error).message.split("\n");
    const unfinished = names.length > 1 || line.startsWith("Command not found");
    const detail = unfinished ? `Write ${names.length > 1 ? "one of: " : ""}${names.join(", ")}.` : `${line.replace(/[.:]?$/, ".")} See ${names.join("")} --help.`;
    throw new DispatchError("invalid_argument", detail, { metadata: { field: "command" }, cause: error });
  }
}
