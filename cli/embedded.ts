import { closeSync, writeSync } from "node:fs";
import { systemClock } from "../core/clock.js";
import { loadConfig } from "../core/config/load-config.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { createLog } from "../core/log.js";
import { inFleet } from "../core/pki/in-fleet.js";
import { endWithoutFiles } from "../core/store/own-files.js";
import { version } from "../core/version.js";
import { startCoordinator } from "../coordinator/main.js";
import { createNode } from "../node-agent/main.js";
import { startNode } from "../node-agent/start-node.js";
import { removeDaemonFile, writeDaemonFile } from "../sdk/daemon/daemon-file.js";
import type { DaemonReport } from "../sdk/daemon/launch-daemon.js";
import { endKeptDown } from "../sdk/daemon/kept-down.js";
import { processStarted } from "../sdk/daemon/process-started.js";

process.umask(0o077);

/** `embedded.js DATA_DIR [REPORT_FD]`: whoever starts us waits for one line on that descriptor. */
const [dataDir, reportTo] = process.argv.slice(2);

function report(line: DaemonReport): void {
  if (!reportTo) return;
  try {
    writeSync(Number(reportTo), JSON.stringify(line));
    closeSync(Number(reportTo));
  } catch {
    // The starter is gone.
  }
}

/** The background process of a machine that has no other: coordinator and node in one, on unix sockets. */
async function main(): Promise<void> {
  const config = inFleet(loadConfig({ flags: { dataDir } }).config);
  const log = createLog("dispatch", config.logLevel);
  process.on("uncaughtException", (error) => {
    log.error({ error }, "ends by an error that nobody caught");
    process.exit(1);
  });
  const node = await startNode(config, log, () => createNode(config, log));
  const coordinator = await startCoordinator(config, log, node.client).catch(async (error: unknown) => {
    await node.close();
    throw error;
  });
  const http = config.httpListen === undefined ? undefined : await (await import("../sdk/http/serve-http.js")).serveHttp(config, log, coordinator.auditRefusal).catch(async (error: unknown) => {
    await coordinator.close();
    await node.close();
    throw error;
  });
  writeDaemonFile(config.dataDir, {
    pid: process.pid, processStarted: processStarted(process.pid) ?? "", version, startedAt: systemClock.now().toISOString(),
  });
  endKeptDown(config.dataDir);
  const letGoOfFiles = endWithoutFiles([...node.files, ...coordinator.files], log);
  const stop = async (): Promise<void> => {
    letGoOfFiles();
    await http?.close();
    await coordinator.close();
    await node.close();
    removeDaemonFile(config.dataDir);
    log.info({}, "ended");
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
  process.on("SIGHUP", () => undefined);
  report({ ready: true });
}

main().catch((error: unknown) => {
  const known = error instanceof DispatchError ? error : new DispatchError("internal");
  // Of what went wrong inside, the log holds where.
  process.stderr.write(known.reason === "internal" && error instanceof Error ? `${error.stack}\n` : `dispatch: ${known.message}\n`);
  report({ reason: known.reason, message: known.message, metadata: { ...known.metadata } });
  process.exit(known.entry.exitCode);
});
