import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";

/** Name of every paste file and tmux buffer begins with this. */
export const pastePrefix = "dispatch-";

/** A paste takes milliseconds: a file or buffer of ours that was there before this belongs to a process that was killed. */
export function staleBefore(clock: Clock): number {
  return clock.now().getTime() - 60_000;
}

/** Makes the folder for paste files at mode 0700, and removes what a killed process left in it. Throws DispatchError state_unwritable. */
export async function openPasteFolder(folder: string, clock: Clock): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name);
      if (name.startsWith(pastePrefix) && await modified(file) < staleBefore(clock)) rmSync(file, { force: true });
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * Runs `use` with the text in a file at mode 0600, which is gone afterwards; `buffer` is a new name for a tmux buffer. Written and removed
 * at once: a turn through the thread pool takes longer than either.
 */
export async function withPasteFile<T>(folder: string, text: string, use: (file: string, buffer: string) => Promise<T>): Promise<T> {
  const buffer = pastePrefix + randomUUID().replaceAll("-", "");
  const file = path.join(folder, buffer);
  try {
    write(folder, file, text);
    return await use(file, buffer);
  } finally {
    rmSync(file, { force: true });
  }
}

/** A file that is gone already is as new as can be. */
async function modified(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

function write(folder: string, file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function unwritable(folder: string, cause: unknown): DispatchError {
  return new DispatchError("state_unwritable", `The folder ${folder} cannot be written.`, { cause });
}
