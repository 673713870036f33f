import { basename } from "node:path";
import { foregroundOf } from "../detection/find-agent.js";
import type { ProcessFacts, ProcessInfo } from "../processes/process-facts.js";

/** Shells that read a line by the rules by which commands are judged. */
const known: ReadonlySet<string> = new Set(["bash", "zsh", "sh", "dash", "ksh"]);

export type ShellInFront =
  | { readonly shell: ProcessInfo }
  | { readonly why: string };

/** The one interactive shell that has the pane's terminal, or why there is none. */
export async function shellInFront(facts: ProcessFacts, panePid: number): Promise<ShellInFront> {
  const [shell, ...others] = foregroundOf(await facts.tree(panePid));
  if (!shell || others.length > 0) return { why: "More than a shell has the pane's terminal." };
  const name = basename(shell.executable);
  if (!known.has(name)) return { why: `${name || "An unknown program"} has the pane's terminal; commands are judged by the rules of bash, zsh and sh.` };
  // A script runs under the name of its shell.
  if (!isInteractive(shell.argv.slice(1))) return { why: `The ${name} in the pane runs a script.` };
  return { shell };
}

/** Nothing but options, without a command among them. */
function isInteractive(words: readonly string[]): boolean {
  return words.every((word, index) => (word.startsWith("-") ? !/^-[A-Za-z]*c/u.test(word) : ["--rcfile", "--init-file", "-o", "-O"].includes(words[index - 1] ?? "")));
}
