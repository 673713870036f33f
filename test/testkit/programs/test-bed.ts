import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject, onTestFinished } from "vitest";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Text for standard input; without it standard input is /dev/null. */
  readonly stdin?: string | Buffer;
  readonly env?: Record<string, string>;
  readonly uid?: number;
}

/** A state folder of a test's own, and our programs run on it. Its background process is ended after the test. */
export interface TestBed {
  readonly home: string;
  readonly dataDir: string;
  readonly env: Record<string, string>;
  program(name: string): string;
  /** Runs `dispatch` to its end. */
  dispatch(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Starts `dispatch`, or another program of ours, and leaves it running. */
  start(args: readonly string[], options?: RunOptions & { program?: string }): Started;
  /** Lets the scripted node go on where it waits. */
  release(): void;
  /** Pid of the background process, from its file. */
  pid(): number;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves when standard output has matched. */
  printed(pattern: RegExp): Promise<string>;
}

/** Cleaned up after the test, or, where it is made outside of one, after the tests of its file. */
export function testBed(options: { dataDir?: (home: string) => string } = {}): TestBed {
  const home = mkdtempSync(join(tmpdir(), "dispatch-bed-"));
  const dataDir = options.dataDir?.(home) ?? join(home, "state");
  const children = new Set<ChildProcess>();
  const cleanUp = (): void => {
    for (const child of children) child.kill("SIGKILL");
    killDaemon(dataDir);
    rmSync(home, { recursive: true, force: true });
  };
  if (expect.getState().currentTestName === undefined) afterAll(cleanUp);
  else onTestFinished(cleanUp);
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, LANG: "C.UTF-8", DISPATCH_DATA_DIR: dataDir };
  const programs = inject("programs");
  const fileOf = (name: string): string => join(programs, `${name}.${["dispatch", "dispatch-mcp"].includes(name) ? "cjs" : "js"}`);
  const start: TestBed["start"] = (args, { stdin, env: more, uid, program = "dispatch" } = {}) => {
    const child = spawn(process.execPath, [fileOf(program), ...args], {
      cwd: home, env: { ...env, ...more }, stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"], ...(uid !== undefined && { uid, gid: uid }),
    });
    children.add(child);
    return follow(child, stdin, () => children.delete(child));
  };
  return {
    home, dataDir, env, start,
    program: fileOf,
    dispatch: (args, runOptions) => start(args, runOptions).ended,
    release: () => writeFileSync(join(dataDir, "release"), ""),
    pid: () => (JSON.parse(readFileSync(join(dataDir, "daemon.json"), "utf8")) as { pid: number }).pid,
  };
}

function follow(child: ChildProcess, stdin: string | Buffer | undefined, onEnd: () => void): Started {
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += String(chunk);
    for (const look of waiting) look();
  });
  child.stderr?.on("data", (chunk: Buffer) => (stderr += String(chunk)));
  child.stdin?.on("error", () => undefined);
  if (stdin !== undefined) child.stdin?.end(stdin);
  const ended = new Promise<Ran>((resolve) => child.once("close", (code) => {
    onEnd();
    resolve({ code, stdout, stderr });
  }));
  return {
    child, ended,
    printed: (pattern) => new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(stdout)) return;
        waiting.delete(look);
        resolve(stdout);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without printing ${pattern}: ${stdout}${stderr}`)));
    }),
  };
}

function killDaemon(dataDir: string): void {
  const file = join(dataDir, "daemon.json");
  if (!existsSync(file)) return;
  const { pid } = JSON.parse(readFileSync(file, "utf8")) as { pid: number };
  if (commandOf(pid).includes("embedded.js")) process.kill(pid, "SIGKILL");
}

/** Command line of a process; empty where it has ended, waited for or not. */
export function commandOf(pid: number): string {
  try {
    const command = execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes("<defunct>") ? "" : command;
  } catch {
    return "";
  }
}

/** Resolves when the file is there. */
export function fileAppears(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, look);
    function look(): void {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    }
    look();
  });
}
