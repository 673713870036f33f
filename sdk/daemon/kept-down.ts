import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder } from "../../core/config/state-folder.js";

const pathOf = (dataDir: string): string => join(dataDir, "kept-down");

/** Somebody here wants the background process to be down: whoever leads here from another machine does not start it. */
export function keepDown(dataDir: string): void {
  ensurePrivateFolder(dataDir);
  writeFileSync(pathOf(dataDir), "", { mode: 0o600 });
}

export function isKeptDown(dataDir: string): boolean {
  return statSync(pathOf(dataDir), { throwIfNoEntry: false }) !== undefined;
}

/** It runs again. */
export function endKeptDown(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}
