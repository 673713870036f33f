import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach } from "vitest";

const run = promisify(execFile);

/** A real tmux server of a test's own: its socket in its own temporary folder, no configuration, nothing of the caller's environment. */
export interface TestTmux {
  readonly socketPath: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs one tmux command against it; answers stdout without the final line end. */
  tmux(...args: string[]): Promise<string>;
  pid(): Promise<number>;
}

const live = new Set<{ folder: string; socketPath: string; serverPid: number }>();

afterEach(reapTmux);

/** Starts a server with one session `main` (100x30) that runs `command`, an argv; reaped after the test with every process in its panes. */
export async function startTmux(command: readonly string[] = ["cat"], options: { sessionName?: string; socketPath?: string } = {}): Promise<TestTmux> {
  const folder = mkdtempSync(path.join(tmpdir(), "dispatch-tmux-"));
  const socketPath = options.socketPath ?? path.join(folder, "socket");
  const environment = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: folder, TERM: "tmux-256color", SHELL: "/bin/sh", LANG: "C.UTF-8" };
  const entry = { folder, socketPath, serverPid: 0 };
  live.add(entry);
  const tmux = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("tmux", ["-u", "-S", socketPath, "-f", "/dev/null", ...args], { env: environment, cwd: folder });
    return stdout.replace(/\n$/u, "");
  };
  entry.serverPid = Number(await tmux("new-session", "-d", "-P", "-F", "#{pid}", "-s", options.sessionName ?? "main", "-x", "100", "-y", "30", "--", ...command));
  return { socketPath, folder, environment, tmux, pid: async () => Number(await tmux("display-message", "-p", "#{pid}")) };
}

/** Ends every server started here, and every process whose environment says that it was started in one of its panes. */
export function reapTmux(): void {
  for (const { folder, socketPath, serverPid } of live) {
    // Not by kill-server: a server that is stopped, or waits for a client, would stay.
    for (const pid of [...(isServerOf(serverPid, socketPath) ? [serverPid] : []), ...processesOf(socketPath)]) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Ended in between.
      }
    }
    rmSync(folder, { recursive: true, force: true });
  }
  live.clear();
}

/** Its pid may be another's by now: many tests end their server themselves. */
function isServerOf(pid: number, socketPath: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").includes(socketPath);
  } catch {
    return false;
  }
}

/** Panes' processes carry TMUX=socket,pid,session in their environment, also when they outlive the server (as Gemini's do). */
function processesOf(socketPath: string): number[] {
  const marker = `TMUX=${socketPath},`;
  return readdirSync("/proc").filter((name) => /^\d+$/u.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").some((variable) => variable.startsWith(marker));
    } catch {
      return false;
    }
  });
}

/** Waits until `check` gives something other than undefined or false, looking again every few milliseconds. */
export async function eventually<T>(check: () => Promise<T> | T, what: string, deadlineMs = 5000): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new Error(`not seen within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}
