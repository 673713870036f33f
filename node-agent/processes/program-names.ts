import { lstatSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import type { ProcessInfo } from "./process-facts.js";
import { type Runtime, scriptArgument } from "./script-argument.js";

/** A name by which a process may be known, and what proves it. */
export interface ProgramName {
  readonly name: string;
  /**
   * `executable`: the file that runs. `package`: the npm package that holds the executable or the script, such as `@openai/codex`.
   * `bin`: a command that this package declares for that file. `link`: a symbolic link by which the file was started.
   */
  readonly via: "executable" | "package" | "bin" | "link";
}

/** A process keeps its names while it runs what it runs: looking them up in its files costs more than the rest of a look at a pane. */
const known = new Map<string, readonly ProgramName[]>();
const maxKnown = 1_000;

/**
 * All names of a process that can be proven, best first. An argv[0] proves nothing by itself (`exec -a claude sleep`): it counts where
 * it is a path to the executable. Scripts of node, bun and deno count under `node_modules/<package>` or behind a symbolic link.
 * npx, bunx and `npm exec` start the program as a child, which has these names itself.
 */
export function programNames(process: ProcessInfo): readonly ProgramName[] {
  const { pid, started, executable, cwd, argv } = process;
  const key = [pid, started, executable, cwd, ...argv].join("\0");
  let names = known.get(key);
  if (names === undefined) {
    names = [...new Map(findNames(process).map((name) => [`${name.via} ${name.name}`, name])).values()];
    if (known.size >= maxKnown) known.clear();
    known.set(key, names);
  }
  return names;
}

function findNames(process: ProcessInfo): ProgramName[] {
  const { executable, argv } = process;
  if (executable === "") return [];
  const runtime = runtimeOf(executable);
  const names: ProgramName[] = [{ name: executableName(executable), via: "executable" }, ...namesOfFile(executable, absolute(argv[0] ?? "", process))];
  const script = runtime === undefined ? undefined : scriptArgument(runtime, argv);
  if (script?.kind === "package") names.push({ name: script.value, via: "package" });
  if (script?.kind === "file") {
    const started = absolute(script.value, process) ?? path.resolve(process.cwd === "" ? "/" : process.cwd, script.value);
    const file = realPath(started);
    if (file !== undefined) names.push(...namesOfFile(file, started));
  }
  return names;
}

/** `startedAs` is the path by which the file was started, if it is one. */
function namesOfFile(file: string, startedAs: string | undefined): ProgramName[] {
  const names: ProgramName[] = [];
  const match = /^(?<root>.*\/node_modules\/(?<name>(?:@[^/]+\/)?[^/@.][^/]*))\/(?<inside>.+)$/u.exec(file)?.groups;
  if (match?.["root"] !== undefined && match["name"] !== undefined) {
    names.push({ name: match["name"], via: "package" });
    names.push(...declaredBins(match["root"], match["name"], file).map((name) => ({ name, via: "bin" as const })));
  }
  if (startedAs !== undefined && startedAs !== file && isLink(startedAs) && realPath(startedAs) === file) {
    names.push({ name: withoutExtension(path.basename(startedAs)), via: "link" });
  }
  return names;
}

/** The commands of package.json's `bin` that are this file. */
function declaredBins(root: string, name: string, file: string): string[] {
  try {
    const { bin } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { bin?: unknown };
    const entries = typeof bin === "string" ? [[name.replace(/^@[^/]+\//u, ""), bin] as const] : Object.entries(bin ?? {});
    return entries.filter(([, target]) => typeof target === "string" && realPath(path.join(root, target)) === file).map(([command]) => command);
  } catch {
    return [];
  }
}

function runtimeOf(executable: string): Runtime | undefined {
  const name = path.basename(executable);
  if (/^node(?:js)?(?:-?\d+)?$/u.test(name)) return "node";
  if (/^bun(?:-profile)?$/u.test(name)) return "bun";
  return name === "deno" ? "deno" : undefined;
}

/** Installers keep versions side by side, as in `claude/versions/2.1.197`: there the name is that of the folder. */
function executableName(executable: string): string {
  const parts = executable.split("/").filter((part) => part !== "");
  const name = parts.findLast((part) => !/^v?\d+\.\d+/u.test(part) && part !== "versions");
  return withoutExtension(name ?? "");
}

function withoutExtension(name: string): string {
  return name.replace(/\.exe$/u, "");
}

/** Undefined for a bare word, which was found through a PATH that may have changed since. */
function absolute(name: string, process: ProcessInfo): string | undefined {
  if (!name.includes("/")) return undefined;
  return path.isAbsolute(name) ? path.normalize(name) : process.cwd === "" ? undefined : path.resolve(process.cwd, name);
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}
