import { spawn } from "node:child_process";
import type { Config } from "../../core/config/config.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { readLiveDaemon } from "./daemon-file.js";
import { isListening } from "./daemon-control.js";
import { daemonEntry } from "./launch-daemon.js";

/** Runs the background process as our child, on our terminal, until it ends; resolves to its exit code. Refuses where one runs. */
export async function runDaemon(config: Config): Promise<number> {
  const live = readLiveDaemon(config.dataDir);
  if (live) throw new DispatchError("already_running", `The background process is already running (pid ${live.pid}).`);
  if (await isListening(config)) throw new DispatchError("already_running", `A coordinator is already running for ${config.dataDir}.`);
  const child = spawn(process.execPath, [daemonEntry(), config.dataDir], { stdio: ["ignore", "inherit", "inherit"] });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.off(signal, pass);
      resolve(code ?? 1);
    });
  });
}
