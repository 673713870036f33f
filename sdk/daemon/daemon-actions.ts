import type { Config } from "../../core/config/config.js";
import { daemonJson } from "../json/daemon-json.js";
import { daemonFindings } from "./daemon-findings.js";
import { daemonStatus, stopDaemon, takeDown, type DaemonStatus } from "./daemon-control.js";
import { ensureDaemon } from "./ensure-daemon.js";

/** What was done with the background process: how it is now, whether that is well, and the same as JSON. */
export interface DaemonAction {
  readonly ok: boolean;
  readonly status: DaemonStatus;
  readonly json: Readonly<Record<string, unknown>>;
}

export async function statusAction(config: Config): Promise<DaemonAction> {
  const status = await daemonStatus(config);
  return { ok: status.healthy, status, json: { ...daemonJson(status) } };
}

export async function ensureAction(config: Config): Promise<DaemonAction & { readonly action: string }> {
  const before = await daemonStatus(config);
  const action = await ensureDaemon(config);
  const after = await daemonStatus(config);
  const told = { action, ok: after.healthy, started: action === "started" || action === "restarted", alreadyRunning: before.running };
  return { action, ok: after.healthy, status: after, json: { ...daemonJson(after), ...told, before: daemonJson(before), after: daemonJson(after) } };
}

/** What it had under way is taken up. */
export async function restartAction(config: Config): Promise<DaemonAction> {
  const pid = await stopDaemon(config);
  await ensureDaemon(config);
  const after = await daemonStatus(config);
  return { ok: after.healthy, status: after, json: { action: "restarted", stopped: pid !== undefined, started: after.running, ok: after.healthy, pid: after.coordinator?.pid ?? null } };
}

/** It is asked to end, and ends by itself: nothing is forced. */
export async function stopAction(config: Config): Promise<DaemonAction & { readonly pid: number | undefined }> {
  const pid = await takeDown(config);
  const stopped = pid !== undefined;
  return { pid, ok: true, status: await daemonStatus(config), json: { action: stopped ? "stopped" : "none", running: false, pid: pid ?? null, stopped, wasRunning: stopped, forced: false } };
}

export async function doctorAction(config: Config): Promise<DaemonAction & { readonly findings: readonly string[] }> {
  const status = await daemonStatus(config);
  const findings = daemonFindings(status);
  return { findings, ok: findings.length === 0, status, json: { ok: findings.length === 0, status: daemonJson(status), findings } };
}
