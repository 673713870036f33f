import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStarted } from "./process-started.js";

/** What the background process tells of itself in `daemon.json`. */
export interface DaemonFile {
  readonly pid: number;
  readonly processStarted: string;
  readonly version: string;
  readonly startedAt: string;
}

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
  let told: unknown;
  try {
    told = JSON.parse(readFileSync(pathOf(dataDir), "utf8"));
  } catch {
    return undefined;
  }
  return isDaemonFile(told) && processStarted(told.pid) === told.processStarted ? told : undefined;
}

function isDaemonFile(told: unknown): told is DaemonFile {
  if (typeof told !== "object" || told === null) return false;
  const { pid, ...texts } = told as Partial<Record<keyof DaemonFile, unknown>>;
  return Number.isInteger(pid) && Number(pid) > 0 && [texts.processStarted, texts.version, texts.startedAt].every((text) => typeof text === "string");
}
