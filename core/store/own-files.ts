import { statSync } from "node:fs";
import { systemClock } from "../clock.js";
import type { Log } from "../log.js";

const lookMs = 1_000;

interface OwnFile {
  readonly path: string;
  readonly inode: string;
}

/**
 * Ends this process once one of its files is gone or is another one: somebody took the state folder or a socket away, so that nobody can reach
 * us any more, and the next command starts a successor. Not an end in order: SQLite and our sockets would remove files of the same names
 * that are the successor's by then. The returned function is called before an end in order, which removes them itself.
 */
export function endWithoutFiles(paths: readonly string[], log: Log): () => void {
  const own = paths.map((path) => ({ path, inode: inodeOf(path) }));
  const look = (): void => {
    const lost = own.find(isTaken);
    if (lost) {
      log.error({ path: lost.path }, "ends: a file that it cannot do without was taken away");
      process.kill(process.pid, "SIGKILL");
    }
    cancel = systemClock.after(lookMs, look);
  };
  let cancel = systemClock.after(lookMs, look);
  return () => cancel();
}

function inodeOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/** A file system that does not answer for a moment has taken nothing away. */
function isTaken({ path, inode }: OwnFile): boolean {
  try {
    return inodeOf(path) !== inode;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}
