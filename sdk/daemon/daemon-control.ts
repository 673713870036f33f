import { credentials } from "@grpc/grpc-js";
import { join } from "node:path";
import { systemClock } from "../../core/clock.js";
import type { Config } from "../../core/config/config.js";
import { socketPath } from "../../core/config/state-folder.js";
import type { CoordinatorStatus } from "../../core/domain/coordinator-status.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { callUnary } from "../../core/transport/calls.js";
import { channelOptions } from "../../core/transport/channel-options.js";
import { statusFromWire } from "../../core/wire/node.js";
import { CoordinatorClient } from "../../proto/gen/dispatch/v1/coordinator.js";
import { readLiveDaemon } from "./daemon-file.js";
import { daemonLog } from "./daemon-log.js";
import { keepDown } from "./kept-down.js";
import { probeSocket } from "./probe-socket.js";

const askMs = 3_000;
const stopMs = 15_000;

export interface DaemonStatus {
  readonly running: boolean;
  /** It answers, and so do its nodes. */
  readonly healthy: boolean;
  /** Why it is not healthy, or empty. */
  readonly detail: string;
  readonly dataDir: string;
  readonly socket: string;
  readonly log: string;
  /** Absent where nothing answers. */
  readonly coordinator?: CoordinatorStatus | undefined;
}

export function isListening(config: Config): Promise<boolean> {
  return probeSocket(socketPath(config.dataDir, "coordinator.sock"));
}

/** What runs, asked of itself. Starts nothing. */
export async function daemonStatus(config: Config): Promise<DaemonStatus> {
  const socket = socketPath(config.dataDir, "coordinator.sock");
  const base = { dataDir: config.dataDir, socket, log: daemonLog(config.dataDir) };
  if (!(await isListening(config))) {
    const live = readLiveDaemon(config.dataDir);
    const detail = live ? `The process ${live.pid} lives but does not listen.` : "";
    return { ...base, running: live !== undefined, healthy: false, detail };
  }
  try {
    const coordinator = await askStatus(socket);
    const sick = coordinator.nodes.find((node) => !node.healthy);
    return { ...base, running: true, healthy: !sick, detail: sick ? `${sick.machine}: ${sick.detail}` : "", coordinator };
  } catch (error) {
    return { ...base, running: true, healthy: false, detail: (error as Error).message };
  }
}

async function askStatus(socket: string): Promise<CoordinatorStatus> {
  const client = new CoordinatorClient(`unix:${socket}`, credentials.createInsecure(), channelOptions);
  try {
    const deadline = new Date(systemClock.now().getTime() + askMs);
    return statusFromWire(await callUnary(client.status.bind(client), {}, { deadline, unreachable: "daemon_unavailable" }));
  } finally {
    client.close();
  }
}

/** Ends the background process until somebody on this machine starts it again, by whatever command needs it. */
export async function takeDown(config: Config): Promise<number | undefined> {
  // Before it ends: a coordinator that leads here comes again at once.
  keepDown(config.dataDir);
  return stopDaemon(config);
}

/** Ends the background process; resolves to its pid, or undefined where none ran. Accepted deliveries are taken up at the next start. */
export async function stopDaemon(config: Config): Promise<number | undefined> {
  const live = readLiveDaemon(config.dataDir);
  if (!live) {
    if (await isListening(config)) throw new DispatchError("already_running", "A coordinator runs for this state folder, but not as our background process; end it where it was started.");
    return undefined;
  }
  process.kill(live.pid, "SIGTERM");
  const { acquireLock } = await import("../../core/store/process-lock.js");
  // The system frees its locks when it has ended, and not before.
  for (const name of ["coordinator.lock", "node.lock"]) {
    const lock = acquireLock(join(config.dataDir, name), stopMs);
    if (!lock) throw new DispatchError("already_running", `The background process ${live.pid} has not ended within ${stopMs / 1000} s; see ${daemonLog(config.dataDir)}.`);
    lock.release();
  }
  return live.pid;
}
