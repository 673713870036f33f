import { loadConfig } from "./config/load-config.js";
import type { Config } from "./config/config.js";
import { DispatchError } from "./errors/dispatch-error.js";
import { createLog, type Log } from "./log.js";
import { inFleet } from "./pki/in-fleet.js";
import { endWithoutFiles } from "./store/own-files.js";
import { notifySystemd } from "./systemd/notify-systemd.js";

export interface Service {
  /** What it cannot do without, such as its socket. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

/** Runs a program that serves until SIGTERM or SIGINT: its configuration from files and environment, its log on standard output. */
export async function runService(name: string, start: (config: Config, log: Log) => Promise<Service>): Promise<void> {
  process.umask(0o077);
  try {
    const config = inFleet(loadConfig().config);
    const log = createLog(name, config.logLevel);
    const service = await start(config, log);
    const letGoOfFiles = endWithoutFiles(service.files, log);
    notifySystemd(`serves ${config.dataDir}`);
    const stop = (): void => {
      letGoOfFiles();
      void service.close().finally(() => process.exit(0));
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  } catch (error) {
    const known = error instanceof DispatchError ? error : new DispatchError("internal", (error as Error).message);
    process.stderr.write(`${name}: ${known.message}\n`);
    process.exitCode = known.entry.exitCode;
  }
}
