import { realpathSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { environment as processEnvironment, type Environment } from "../core/config/environment.js";

/**
 * Socket path of the tmux server that a caller means: the one it names (a path, or a `-L` name), else the one it runs in,
 * else tmux's default. Resolved on the caller's side, since the background process has another environment.
 */
export function resolveTmuxServer(named: string | undefined, environment: Environment = processEnvironment): string {
  if (named?.includes("/")) return isAbsolute(named) ? named : resolve(named);
  if (named) return join(socketFolder(environment), named);
  // "path,pid,session"; the path may hold commas.
  const inside = /^(.+),\d+,\d+$/.exec(environment["TMUX"] ?? "")?.[1];
  return inside ?? join(socketFolder(environment), "default");
}

/** As tmux does it: TMUX_TMPDIR with its links resolved, and a folder per user. */
function socketFolder(environment: Environment): string {
  const base = environment["TMUX_TMPDIR"] || "/tmp";
  return join(realPath(base), `tmux-${process.getuid?.() ?? 0}`);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
