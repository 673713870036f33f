import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import type { Clock } from "../../core/clock.js";
import type { ProcessFacts, ProcessInfo } from "./process-facts.js";

/** Each thread has a list of children of its own, 50 µs to read; Codex 0.171.0 has dozens. For so long the lists of a program with many are taken to be as they were. */
const childrenRestMs = 100;
const maxKnown = 1_000;

interface Stat {
  readonly ppid: number;
  readonly processGroup: number;
  readonly foregroundGroup: number;
  readonly started: bigint;
  readonly threads: number;
  readonly stopped: boolean;
}

/**
 * Facts from Linux' /proc (proc(5)). Reads are synchronous: they never wait for a disk, and cost less than a turn of the event loop each.
 * What may not be read, or ended meanwhile, is left out or empty.
 */
export class ProcProcessFacts implements ProcessFacts {
  readonly #clock: Clock;
  /** Of processes with threads: their children, and as what they were seen then. */
  readonly #known = new Map<number, { readonly as: string; readonly at: number; readonly children: readonly number[] }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tree(rootPid: number): Promise<ProcessInfo[]> {
    const found: ProcessInfo[] = [];
    const waiting = [rootPid];
    for (let pid = waiting.shift(); pid !== undefined; pid = waiting.shift()) {
      const stat = this.#stat(pid);
      if (stat === undefined) continue;
      found.push(this.#info(pid, stat));
      waiting.push(...this.#children(pid, stat));
    }
    return Promise.resolve(found);
  }

  started(pid: number): Promise<bigint | undefined> {
    return Promise.resolve(this.#stat(pid)?.started);
  }

  ownPid(pid: number): Promise<number> {
    // One pid for each namespace that it is in, its own last.
    const inner = /^NSpid:.*\s(\d+)$/mu.exec(this.#read(`${pid}/status`))?.[1];
    return Promise.resolve(inner === undefined ? pid : Number(inner));
  }

  environment(pid: number): Promise<ReadonlyMap<string, string>> {
    const variables = new Map<string, string>();
    for (const entry of strings(this.#read(`${pid}/environ`))) {
      const equals = entry.indexOf("=");
      // The first of two equal names is the one that getenv finds.
      if (equals > 0 && !variables.has(entry.slice(0, equals))) variables.set(entry.slice(0, equals), entry.slice(equals + 1));
    }
    return Promise.resolve(variables);
  }

  openFiles(pid: number, accepts: (path: string) => boolean = () => true): Promise<string[]> {
    const files = new Set<string>();
    for (const descriptor of this.#list(`${pid}/fd`)) {
      const link = `/proc/${pid}/fd/${descriptor}`;
      try {
        const target = readlinkSync(link);
        const stats = target.startsWith("/") && accepts(target) ? statSync(link) : undefined;
        if (stats?.isFile() === true && stats.nlink > 0) files.add(target);
      } catch {
        // Closed meanwhile.
      }
    }
    return Promise.resolve([...files]);
  }

  #info(pid: number, stat: Stat): ProcessInfo {
    return {
      pid, ppid: stat.ppid, started: stat.started, executable: this.#link(`${pid}/exe`), argv: strings(this.#read(`${pid}/cmdline`)),
      cwd: this.#link(`${pid}/cwd`), processGroup: stat.processGroup, foregroundGroup: stat.foregroundGroup, stopped: stat.stopped,
    };
  }

  /** Undefined for a process that is gone, also where its parent has not asked for its end yet. */
  #stat(pid: number): Stat | undefined {
    const text = this.#read(`${pid}/stat`);
    // The command in parentheses may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", ppid, processGroup, , , foregroundGroup] = fields;
    const started = fields[19];
    if (started === undefined || state === "Z" || state === "X") return undefined;
    return {
      ppid: Number(ppid), processGroup: Number(processGroup), foregroundGroup: Number(foregroundGroup), started: BigInt(started), threads: Number(fields[17]),
      stopped: state.startsWith("T"),
    };
  }

  /** Children belong to the thread that started them. One that gives the terminal to a child shows that itself: then nothing is taken to be as it was. */
  #children(pid: number, { started, threads, foregroundGroup }: Stat): readonly number[] {
    if (threads === 1) return this.#childrenOf(pid, String(pid));
    const [as, at] = [`${started} ${foregroundGroup}`, this.#clock.monotonicMs()];
    const known = this.#known.get(pid);
    if (known?.as === as && at - known.at < childrenRestMs) return known.children;
    const children = this.#list(`${pid}/task`).flatMap((thread) => this.#childrenOf(pid, thread));
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(pid, { as, at, children });
    return children;
  }

  #childrenOf(pid: number, thread: string): number[] {
    return this.#read(`${pid}/task/${thread}/children`).split(" ").filter((child) => child !== "").map(Number);
  }

  #read(name: string): string {
    try {
      return readFileSync(`/proc/${name}`, "utf8");
    } catch {
      return "";
    }
  }

  #list(name: string): string[] {
    try {
      return readdirSync(`/proc/${name}`);
    } catch {
      return [];
    }
  }

  /** A program that was replaced while it runs is still that program. */
  #link(name: string): string {
    try {
      return readlinkSync(`/proc/${name}`).replace(/ \(deleted\)$/u, "");
    } catch {
      return "";
    }
  }
}

/** NUL-terminated strings; a program that overwrites its arguments may leave empty ones at the end. */
function strings(text: string): string[] {
  return text.replace(/\0+$/u, "").split("\0").filter((_, index, all) => all.length > 1 || all[index] !== "");
}
