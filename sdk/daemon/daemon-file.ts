import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { processStarted } from "./process-started.js";

const schema = z.object({ pid: z.int().positive(), processStarted: z.string(), version: z.string(), startedAt: z.string() });

/** What the background process tells of itself in `daemon.json`. */
export type DaemonFile = z.infer<typeof schema>;

const pathOf = (dataDir: string): string => join(dataDir, "daemon.json");

export function writeDaemonFile(dataDir: string, told: DaemonFile): void {
  const temporary = `${pathOf(dataDir)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(told, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, pathOf(dataDir));
}

export function removeDaemonFile(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}

/** The file's contents when the process that it names lives; a stale or damaged file reads as undefined. */
export function readLiveDaemon(dataDir: string): DaemonFile | undefined {
  try {
    const told = schema.parse(JSON.parse(readFileSync(pathOf(dataDir), "utf8")));
    return processStarted(told.pid) === told.processStarted ? told : undefined;
  } catch {
    return undefined;
  }
}
