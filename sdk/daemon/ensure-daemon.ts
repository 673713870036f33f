import { join } from "node:path";
import type { Config } from "../../core/config/config.js";
import { ensurePrivateFolder, refuseForeign, socketFolder } from "../../core/config/state-folder.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { version } from "../../core/version.js";
import { readLiveDaemon } from "./daemon-file.js";
import { isKeptDown } from "./kept-down.js";
import { daemonStatus, isListening, stopDaemon } from "./daemon-control.js";

const startMs = 30_000;

/** `outdated`: another version runs, and has deliveries without an end. */
export type Ensured = "running" | "started" | "restarted" | "outdated";

/**
 * Makes sure that the background process listens. Whoever gets the launch lock starts it; all others wait for the lock and
 * then find it running. One of another version is replaced as soon as it has nothing under way. `fromAfar`: for another machine, which
 * does not start what somebody here has ended.
 */
export async function ensureDaemon(config: Config, { fromAfar } = { fromAfar: false }): Promise<Ensured> {
  if (await isListening(config)) {
    refuseForeign(socketFolder(config.dataDir));
    if ((readLiveDaemon(config.dataDir)?.version ?? version) === version) return "running";
  }
  ensurePrivateFolder(config.dataDir);
  ensurePrivateFolder(socketFolder(config.dataDir));
  // better-sqlite3 is loaded only where a process is to be started.
  const { acquireLock } = await import("../../core/store/process-lock.js");
  const lock = acquireLock(join(config.dataDir, "launch.lock"), startMs);
  if (!lock) throw new DispatchError("daemon_unavailable", `Another command has been starting the background process for ${startMs / 1000} s.`);
  try {
    return await startOrReplace(config, fromAfar);
  } finally {
    lock.release();
  }
}

async function startOrReplace(config: Config, fromAfar: boolean): Promise<Ensured> {
  const { launchDaemon } = await import("./launch-daemon.js");
  if (!(await isListening(config))) {
    if (fromAfar && isKeptDown(config.dataDir)) throw new DispatchError("node_unreachable", "The background process was ended there by `dispatch down`, and is down until `dispatch up` there.");
    await launchDaemon(config);
    return "started";
  }
  if ((readLiveDaemon(config.dataDir)?.version ?? version) === version) return "running";
  const counts = (await daemonStatus(config)).coordinator?.deliveries;
  if (!counts || (counts["pending"] ?? 0) + (counts["queued"] ?? 0) > 0) return "outdated";
  await stopDaemon(config);
  await launchDaemon(config);
  return "restarted";
}
