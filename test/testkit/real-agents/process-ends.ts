import { readdir, readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";

/** All live processes (Linux) whose environment says this HOME: daemons and orphans of an agent too. */
export async function processesOfHome(home: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = await readFile(`/proc/${name}/environ`, "latin1").catch(() => "");
    if (environment.split("\0").includes(`HOME=${home}`) && state(Number(name)) !== "Z") found.push(Number(name));
  }
  return found;
}

/** Ends every process of this HOME by its pid, and waits until they are gone. */
export async function endProcessesOfHome(home: string, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  for (let signal: NodeJS.Signals = "SIGTERM"; ; ) {
    const pids = await processesOfHome(home);
    if (pids.length === 0) return;
    if (Date.now() > end) throw new Error(`still alive: ${pids.join(" ")}`);
    if (Date.now() > end - deadlineMs * 0.8) signal = "SIGKILL";
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // gone meanwhile
      }
    }
    await new Promise((go) => setTimeout(go, 50));
  }
}

function state(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "")[0] ?? "Z";
  } catch {
    return "Z";
  }
}
