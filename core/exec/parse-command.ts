import type { Command, Word } from "unbash";
import { readCdPath, type CdPath } from "./cd-form.js";
import { literalWord } from "./literal-word.js";

/** One simple command of literal words, with the folder of `cd PATH &&` before it. */
export interface ParsedCommand {
  readonly cd?: CdPath | undefined;
  readonly words: readonly string[];
  /** The command as it was written, without the `cd`. */
  readonly source: string;
}

export interface Unparsed {
  /** Something of the shell's language besides words, or a line that is no command at all. */
  readonly problem: "metachar" | "unparsable";
  readonly sentence: string;
}

/** Reads one line as a shell would. Nothing is run, and nothing but literal words is taken. */
export async function parseCommand(line: string): Promise<ParsedCommand | Unparsed> {
  const { parse } = await import("unbash");
  const script = parse(line);
  if (script.errors && script.errors.length > 0) return { problem: "unparsable", sentence: "The line is not a complete shell command." };
  const [statement, ...more] = script.commands;
  if (!statement) return metachar("The line holds no command.");
  if (more.length > 0 || statement.background === true) return metachar("The line holds more than one command, or starts one in the background.");
  const { command } = statement;
  if (command.type === "Command") return simpleCommand(line, command);
  if (command.type !== "AndOr") return metachar("The line is more than one simple command: pipes, groups and the words of the shell's own language are refused.");
  const [first, second, ...others] = command.commands;
  if (first?.type !== "Command" || second?.type !== "Command" || others.length > 0 || command.operators.join() !== "&&") {
    return metachar("The only list that is taken is one cd PATH && COMMAND.");
  }
  return afterCd(line, first, second);
}

function afterCd(line: string, first: Command, second: Command): ParsedCommand | Unparsed {
  const words = wordsOf(line.slice(0, first.end), first);
  const [name, path, ...more] = words ?? [];
  if (name?.text !== "cd" || !path || more.length > 0) return metachar("The only list that is taken is one cd PATH && COMMAND.");
  const cd = readCdPath(path.text);
  if (!cd) return metachar("The path after cd must stand for itself: no expansions, no patterns.");
  // Nothing but the operator stands between the two.
  if (line.slice(first.end, second.pos).trim() !== "&&") return metachar("The only list that is taken is one cd PATH && COMMAND.");
  const parsed = simpleCommand(line, second);
  return "problem" in parsed ? parsed : { ...parsed, cd };
}

function simpleCommand(line: string, command: Command): ParsedCommand | Unparsed {
  const found = wordsOf(line, command);
  if (!found) return metachar("The command has something besides its words: assignments, redirections, here-documents and comments are refused.");
  const words: string[] = [];
  for (const word of found) {
    const value = literalWord(word.text);
    if (value === undefined) return metachar("A word does not stand for itself: expansions, patterns, braces, ~ and ! are refused; put what is meant literally into '…'.");
    // Two readings of one word must agree.
    if (value !== word.value) return { problem: "unparsable", sentence: "A word can be read in two ways; write it in '…'." };
    words.push(value);
  }
  return { words, source: line.slice(command.pos) };
}

/** The words of a command, where it has nothing else and they are all that the line holds up to its end. */
function wordsOf(line: string, command: Command): Word[] | undefined {
  const words: Word[] = [];
  for (const each of [...command.prefix, ...(command.name ? [command.name] : []), ...command.suffix]) {
    if (each.type !== "Word") return undefined;
    words.push(each);
  }
  let at = command.pos;
  for (const word of words) {
    if (line.slice(at, word.pos).trim() !== "" || line.slice(word.pos, word.end) !== word.text) return undefined;
    at = word.end;
  }
  return words.length > 0 && line.slice(at).trim() === "" ? words : undefined;
}

function metachar(sentence: string): Unparsed {
  return { problem: "metachar", sentence };
}
