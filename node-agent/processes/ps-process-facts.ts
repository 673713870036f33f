import { execFile } from "node:child_process";
import type { ProcessFacts, ProcessInfo } from "./process-facts.js";
import { type ListedProcess, type OpenFile, parseEnvironment, parseLsof, parsePs, psColumns, splitArguments } from "./ps-output.js";

/**
 * Facts from ps and lsof, for macOS (and tested on Linux against /proc). Weaker than /proc: arguments with blanks come in pieces,
 * a start is known to the second, and both programs take tens of milliseconds; calls of one turn of the event loop share one ps.
 */
export class PsProcessFacts implements ProcessFacts {
  readonly #environment: Record<string, string>;
  #listing: Promise<ListedProcess[]> | undefined;

  /** `searchPath` is the PATH in which ps and lsof are found. */
  constructor(searchPath: string) {
    this.#environment = { PATH: searchPath, LC_ALL: "C", TZ: "UTC" };
  }

  async tree(rootPid: number): Promise<ProcessInfo[]> {
    const listed = await this.#list();
    const found = listed.filter((process) => process.pid === rootPid);
    for (const parent of found) found.push(...listed.filter((process) => process.ppid === parent.pid && process.pid !== rootPid));
    if (found.length === 0) return [];
    const files = await this.#lsof(found.map((process) => process.pid), ["-d", "cwd,txt"]);
    return found.map(({ args, ...process }) => {
      const own = files.filter((file) => file.pid === process.pid);
      const executable = own.find((file) => file.descriptor === "txt")?.path ?? "";
      return { ...process, executable, argv: splitArguments(args, executable), cwd: own.find((file) => file.descriptor === "cwd")?.path ?? "" };
    });
  }

  async started(pid: number): Promise<bigint | undefined> {
    return parsePs(await this.#run("ps", [...psColumns, "-p", String(pid)]))[0]?.started;
  }

  async environment(pid: number): Promise<ReadonlyMap<string, string>> {
    const [alone, both] = await Promise.all([this.#run("ps", ["ww", "-o", "args=", "-p", String(pid)]), this.#run("ps", ["eww", "-o", "args=", "-p", String(pid)])]);
    const args = alone.trim();
    return both.startsWith(args) ? parseEnvironment(both.slice(args.length).replace(/\n$/u, "")) : new Map();
  }

  /** macOS has no pid namespaces. */
  ownPid(pid: number): Promise<number> {
    return Promise.resolve(pid);
  }

  async openFiles(pid: number, accepts: (path: string) => boolean = () => true): Promise<string[]> {
    const files = await this.#lsof([pid], []);
    return [...new Set(files.filter((file) => /^\d+$/u.test(file.descriptor) && file.type === "REG" && file.path.startsWith("/") && !file.path.endsWith(" (deleted)") && accepts(file.path)).map((file) => file.path))];
  }

  #list(): Promise<ListedProcess[]> {
    this.#listing ??= Promise.resolve().then(async () => {
      this.#listing = undefined;
      return parsePs(await this.#run("ps", ["-A", ...psColumns]));
    });
    return this.#listing;
  }

  async #lsof(pids: readonly number[], args: readonly string[]): Promise<OpenFile[]> {
    return parseLsof(await this.#run("lsof", ["-n", "-P", "-w", "-a", "-p", pids.join(","), ...args, "-F", "pftn"]));
  }

  /** Both programs fail where one of the processes is gone; what they could tell is on stdout all the same. */
  #run(program: string, args: readonly string[]): Promise<string> {
    return new Promise((resolve) => {
      execFile(program, args, { env: this.#environment, timeout: 10_000, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) => resolve(stdout));
    });
  }
}
