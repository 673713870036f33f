import { realpathSync } from "node:fs";
import path from "node:path";
import type { ProcessInfo } from "../processes/process-facts.js";
import { scriptArgument, type Runtime } from "../processes/script-argument.js";

/** Arguments of the program itself: those of a runtime that runs its script are left out. */
export function programArguments(process: ProcessInfo): readonly string[] {
  const script = scriptOf(process);
  return script === undefined ? process.argv.slice(1) : process.argv.slice(process.argv.indexOf(script) + 1);
}

/** The script that a runtime runs, as a real path; undefined for a program of its own. */
export function scriptFile(process: ProcessInfo): string | undefined {
  const script = scriptOf(process);
  if (script === undefined) return undefined;
  try {
    return realpathSync(path.resolve(process.cwd === "" ? "/" : process.cwd, script));
  } catch {
    return undefined;
  }
}

function scriptOf(process: ProcessInfo): string | undefined {
  const runtime = /^(?<runtime>node|bun|deno)(?:js)?(?:-?\d+|-profile)?$/u.exec(path.basename(process.executable))?.groups?.["runtime"];
  return runtime === undefined ? undefined : scriptArgument(runtime as Runtime, process.argv)?.value;
}

export interface ArgumentRules {
  /** Options whose value is the next argument. */
  readonly withValue: readonly string[];
  /** Options with which the program does not talk to a person. */
  readonly notInteractive: readonly string[];
  /** First words with which it does not talk to a person; any other is a prompt, a folder, or a command that does. */
  readonly commands: readonly string[];
}

/** Whether a program was started to talk to a person in its terminal. */
export function isInteractive(args: readonly string[], rules: ArgumentRules): boolean {
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (argument === "--") return true;
    if (!argument.startsWith("-")) return !rules.commands.includes(argument);
    if (rules.notInteractive.includes(argument.split("=", 1)[0] ?? "")) return false;
    if (rules.withValue.includes(argument)) i++;
  }
  return true;
}

/** Every option counts, wherever it stands: for programs that take options behind their prompt too. */
export function hasOption(args: readonly string[], options: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((argument) => options.includes(argument.split("=", 1)[0] ?? ""));
}
