import type { ProcessInfo } from "./process-facts.js";

/**
 * The columns that `parsePs` reads, as arguments of ps; one option each, since on macOS a header text goes on to the end of its option.
 * The process's own arguments come last, since they may hold blanks.
 */
export const psColumns = ["-ww", ...["pid", "ppid", "pgid", "tpgid", "state", "lstart", "args"].flatMap((column) => ["-o", `${column}=`])];

/** A process as ps tells it: without what only lsof knows. */
export type ListedProcess = Omit<ProcessInfo, "executable" | "cwd" | "argv"> & { readonly args: string };

const row = /^\s*(?<pid>\d+)\s+(?<ppid>\d+)\s+(?<pgid>\d+)\s+(?<tpgid>-?\d+)\s+(?<state>\S+)\s+(?<started>\w{3}\s+\w{3}\s+\d+ \d\d:\d\d:\d\d \d{4})\s?(?<args>.*)$/u;

/** Rows of ps with these columns, TZ=UTC and LC_ALL=C; ended processes that nobody waited for are left out. */
export function parsePs(output: string): ListedProcess[] {
  return output.split("\n").flatMap((line) => {
    const { pid, ppid, pgid, tpgid, state, started, args = "" } = row.exec(line)?.groups ?? {};
    if (pid === undefined || state?.startsWith("Z") !== false) return [];
    return [{
      pid: Number(pid), ppid: Number(ppid), started: BigInt(Date.parse(`${started ?? ""} UTC`)), processGroup: Number(pgid),
      // macOS writes 0 where Linux writes -1.
      foregroundGroup: Number(tpgid) > 0 ? Number(tpgid) : -1, stopped: state.startsWith("T"), args,
    }];
  });
}

/**
 * ps joins arguments by blanks and does not say where they were. They are split at every blank, except that a first argument which is the
 * known executable is kept whole; so an argument with blanks comes back in pieces.
 */
export function splitArguments(args: string, executable: string): string[] {
  const first = executable !== "" && (args === executable || args.startsWith(`${executable} `)) ? executable : "";
  const rest = args.slice(first.length).split(" ").filter((argument) => argument !== "");
  return first === "" ? rest : [first, ...rest];
}

/** What `ps e` adds behind the arguments. A value goes on until the next word that looks like a name and an equals sign. */
export function parseEnvironment(joined: string): Map<string, string> {
  const variables = new Map<string, string>();
  const starts = [...joined.matchAll(/(?:^| )(?<name>[A-Za-z_][A-Za-z0-9_]*)=/gu)];
  for (const [i, match] of starts.entries()) {
    const name = match.groups?.["name"] ?? "";
    const value = joined.slice(match.index + match[0].length, starts[i + 1]?.index).replace(/\s+$/u, "");
    if (!variables.has(name)) variables.set(name, value);
  }
  return variables;
}

/** One open file of `lsof -F pftn`. */
export interface OpenFile {
  readonly pid: number;
  /** `cwd`, `txt`, or a number. */
  readonly descriptor: string;
  /** `REG`, `DIR`, … */
  readonly type: string;
  readonly path: string;
}

export function parseLsof(output: string): OpenFile[] {
  const files: OpenFile[] = [];
  let pid = 0;
  let descriptor = "";
  let type = "";
  for (const line of output.split("\n")) {
    const value = line.slice(1);
    if (line.startsWith("p")) pid = Number(value);
    else if (line.startsWith("f")) [descriptor, type] = [value, ""];
    else if (line.startsWith("t")) type = value;
    else if (line.startsWith("n")) files.push({ pid, descriptor, type, path: value });
  }
  return files;
}
