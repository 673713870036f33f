import { statSync } from "node:fs";
import { systemClock } from "../clock.js";
import type { Log } from "../log.js";

const lookMs = 1_000;

/**
 * Ends this process once one of its files is gone or is another one: somebody took the state folder or a socket away, so that nobody can reach
 * us any more, and the next command starts a successor. Not an end in order: SQLite and our sockets would remove files of the same names
 * that are the successor's by then.
 */
export function endWithoutFiles(paths: readonly string[], log: Log): void {
  const own = paths.map((path) => ({ path, inode: inodeOf(path) }));
  const look = (): void => {
    const lost = own.find(({ path, inode }) => inodeOf(path) !== inode);
    if (!lost) return void systemClock.after(lookMs, look);
    log.error({ path: lost.path }, "ends: a file that it cannot do without was taken away");
    process.kill(process.pid, "SIGKILL");
  };
  systemClock.after(lookMs, look);
}

/** Undefined where there is none, or it cannot be seen. */
function inodeOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
