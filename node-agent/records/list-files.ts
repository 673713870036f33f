import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** Names in a folder, in order; none where it is not there. At once, since a proof waits for it: a turn through the thread pool takes longer. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

/** Paths of the entries of a folder whose name passes `accepts`. */
export function pathsIn(folder: string, accepts: (name: string) => boolean): string[] {
  return namesIn(folder).filter(accepts).map((name) => join(folder, name));
}

/** A path with all its symbolic links followed, as the kernel tells of an open file; as it is where nothing is there yet. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
