import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { systemClock } from "../../core/clock.js";
import type { Config } from "../../core/config/config.js";
import { daemonEnvironment, environment } from "../../core/config/environment.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { reasons, type Reason } from "../../core/errors/reasons.js";
import { packageRoot } from "../../core/package-root.js";
import { daemonLog } from "./daemon-log.js";

const maxLogBytes = 8 * 1024 * 1024;
const startMs = 20_000;

/** What the process writes to its third pipe once it listens, or cannot. */
const reportSchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ reason: z.string().refine((reason) => Object.hasOwn(reasons, reason)), message: z.string(), metadata: z.record(z.string(), z.string()) }),
]);
export type DaemonReport = z.infer<typeof reportSchema>;

/** Starts the background process, free of our terminal, folder and descriptors, and waits until it listens. */
export async function launchDaemon(config: Config): Promise<void> {
  const log = openLog(daemonLog(config.dataDir));
  const child = spawn(process.execPath, [daemonEntry(), config.dataDir, "3"], {
    detached: true,
    cwd: "/",
    env: daemonEnvironment(environment),
    stdio: ["ignore", log, log, "pipe"],
  });
  closeSync(log);
  let forget = (): void => undefined;
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new DispatchError("daemon_unavailable", `The background process could not be started: ${error.message}.`, { cause: error })));
    forget = systemClock.after(startMs, () => {
      child.kill("SIGKILL");
      reject(new DispatchError("daemon_unavailable", `The background process did not start within ${startMs / 1000} s; see ${daemonLog(config.dataDir)}.`));
    });
  });
  const report = await Promise.race([readAll(child.stdio[3] as Readable), failed]).finally(forget);
  child.unref();
  const parsed = parseReport(report);
  if (!parsed) throw new DispatchError("daemon_unavailable", `The background process ended while it started; see ${daemonLog(config.dataDir)}.`);
  if (!("ready" in parsed)) throw new DispatchError(parsed.reason as Reason, parsed.message, { metadata: parsed.metadata });
}

function parseReport(text: string): DaemonReport | undefined {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Beside this file in the bundle; in dist/ when the sources run as they are. */
export function daemonEntry(): string {
  const beside = fileURLToPath(new URL("./embedded.js", import.meta.url));
  return existsSync(beside) ? beside : join(packageRoot(), "dist", "embedded.js");
}

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > maxLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

async function readAll(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
