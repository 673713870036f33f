import { basename } from "node:path";
import type { AgentAdapter } from "../agents/agent-adapter.js";
import type { ProcessInfo } from "../processes/process-facts.js";

/** The agent that the keys of a pane would reach. */
export interface FoundProcess {
  readonly adapter: AgentAdapter;
  readonly process: ProcessInfo;
}

/** Shells by the name of their program (login shells have a hyphen before it in argv only). */
const shells: ReadonlySet<string> = new Set(["bash", "csh", "dash", "fish", "ksh", "nu", "sh", "tcsh", "zsh"]);

/** Programs that run an agent's script, and may start the agent as another process of the same group. */
const launchers: ReadonlySet<string> = new Set(["node", "bun", "deno"]);

/**
 * Only processes in the foreground group of the terminal get its keys: an agent that was suspended, or put into the background,
 * is not there for a sender. A launcher counts only where nothing below it does (Codex and Gemini start themselves again);
 * what an agent starts for its own work does not count.
 */
export function findAgent(tree: readonly ProcessInfo[], adapters: readonly AgentAdapter[]): FoundProcess | undefined {
  const foreground = foregroundOf(tree);
  const adapter = firstMatch(foreground, adapters);
  if (!adapter) return undefined;
  const candidates = foreground.filter((candidate) => adapter.matches(candidate));
  const process = candidates.find((candidate) => !isLauncher(candidate) || !candidates.some((other) => descends(other, candidate, tree)));
  return process && { adapter, process };
}

function isLauncher(process: ProcessInfo): boolean {
  return launchers.has(basename(process.executable));
}

function descends(process: ProcessInfo, ancestor: ProcessInfo, tree: readonly ProcessInfo[]): boolean {
  let parent = tree.find((each) => each.pid === process.ppid);
  while (parent && parent.pid !== ancestor.pid) {
    const { ppid } = parent;
    parent = tree.find((each) => each.pid === ppid);
  }
  return parent !== undefined;
}

function firstMatch(processes: readonly ProcessInfo[], adapters: readonly AgentAdapter[]): AgentAdapter | undefined {
  for (const process of processes) {
    const adapter = adapters.find((each) => each.matches(process));
    if (adapter) return adapter;
  }
  return undefined;
}

/** The shell that reads the pane's keys, where one does. */
export function findShell(tree: readonly ProcessInfo[]): ProcessInfo | undefined {
  const foreground = foregroundOf(tree);
  return foreground.length > 0 && foreground.every(isShell) ? foreground.at(-1) : undefined;
}

/** An agent that is in the pane but does not get its keys: suspended, in the background, or on a terminal of its own. */
export function findHiddenAgent(tree: readonly ProcessInfo[], adapters: readonly AgentAdapter[]): FoundProcess | undefined {
  const foreground = new Set(foregroundOf(tree));
  for (const process of tree) {
    const adapter = foreground.has(process) ? undefined : adapters.find((each) => each.matches(process));
    if (adapter) return { adapter, process };
  }
  return undefined;
}

/**
 * Programs that run one other in a session of its own, which has no terminal but reads the pane's, and only wait for it: `su NAME -c`
 * (util-linux 2.38, without --pty), `setsid --wait`.
 */
const waiters: ReadonlySet<string> = new Set(["su", "runuser", "setsid"]);

/**
 * Processes in the foreground of the pane's terminal, or of a terminal that such a process opened (sudo, script): there the parent,
 * which passes the keys on, must be in the foreground itself. So must be one that waits for a program without a terminal.
 */
export function foregroundOf(tree: readonly ProcessInfo[]): ProcessInfo[] {
  const reached = new Map<number, ProcessInfo>();
  const byPid = new Map(tree.map((process) => [process.pid, process]));
  for (const process of tree) {
    const parent = byPid.get(process.ppid);
    if (process.foregroundGroup === -1 && parent && reached.has(parent.pid) && readsWith(parent, process)) reached.set(process.pid, process);
    if (process.foregroundGroup <= 0 || process.processGroup !== process.foregroundGroup) continue;
    if (!parent || parent.foregroundGroup === process.foregroundGroup || reached.has(parent.pid)) reached.set(process.pid, process);
  }
  return [...reached.values()];
}

/** Of a program without a terminal: whether it was begun by one that waits, or belongs to the group of such a program. */
function readsWith(parent: ProcessInfo, process: ProcessInfo): boolean {
  return waiters.has(nameOf(parent)) || (parent.foregroundGroup === -1 && parent.processGroup === process.processGroup);
}

function isShell(process: ProcessInfo): boolean {
  return shells.has(nameOf(process));
}

/** Executables of others, such as su, may not be read. */
function nameOf({ executable, argv }: ProcessInfo): string {
  return basename(executable || (argv[0] ?? "").replace(/^-/u, "")).toLowerCase();
}
