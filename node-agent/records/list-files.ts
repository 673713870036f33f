import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Names in a folder, in order; none where it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

/** Paths of the entries of a folder whose name passes `accepts`. */
export async function pathsIn(folder: string, accepts: (name: string) => boolean): Promise<string[]> {
  return (await namesIn(folder)).filter(accepts).map((name) => join(folder, name));
}
