import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the folder and those above it, all 0700. Node's own way never comes back where none can be made, such as below /proc (20.20.2). */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it in between.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !existsSync(path)) throw error;
  }
}
