import { realpathSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { type Environment, runTmux } from "./run-tmux.js";

/** Where tmux keeps the sockets of one user. */
export interface SocketPlace {
  /** Value of TMUX_TMPDIR; empty or undefined for tmux's default. */
  readonly tmuxTmpdir: string | undefined;
  readonly uid: number;
}

/**
 * Socket path of a server: an absolute path means itself, a `-L` name or nothing (`default`) a file in the user's socket folder.
 * Throws DispatchError invalid_argument for a relative path.
 */
export function serverPath(name: string, place: SocketPlace): string {
  if (path.isAbsolute(name)) return name;
  if (name.includes("/") || name === "." || name === ".." || name.includes("\0")) {
    throw new DispatchError("invalid_argument", "A tmux server is named by an absolute path or by its -L name.", { metadata: { field: "server", value: name } });
  }
  return path.join(socketFolder(place), name === "" ? "default" : name);
}

/**
 * Socket paths of this user's tmux servers that answer and have a session, sorted. A file alone proves nothing: tmux leaves sockets behind.
 * Those that are connected to already are not asked again: asking takes a process.
 */
export async function findServers(place: SocketPlace, environment: Environment, isConnected: (socket: string) => boolean): Promise<string[]> {
  const folder = socketFolder(place);
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.sort().map(async (name) => {
    const socket = path.join(folder, name);
    return isConnected(socket) || (await isOwnListeningSocket(socket, place.uid) && await answers(socket, environment)) ? socket : undefined;
  }));
  return found.filter((socket) => socket !== undefined);
}

/** As tmux finds it (3.3a): the first of TMUX_TMPDIR and /tmp that exists, symbolic links resolved. */
function socketFolder({ tmuxTmpdir, uid }: SocketPlace): string {
  for (const folder of [tmuxTmpdir ?? "", "/tmp"]) {
    try {
      if (folder !== "") return path.join(realpathSync(folder), `tmux-${uid}`);
    } catch {
      // tmux goes on to the next one too.
    }
  }
  return path.join("/tmp", `tmux-${uid}`);
}

/** Whether a process listens on it: much cheaper than a tmux process for each of many stale sockets. */
async function isOwnListeningSocket(socket: string, uid: number): Promise<boolean> {
  const stats = await lstat(socket).catch(() => undefined);
  if (stats?.isSocket() !== true || stats.uid !== uid) return false;
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => { connection.destroy(); resolve(true); });
    connection.once("error", () => resolve(false));
  });
}

async function answers(socket: string, environment: Environment): Promise<boolean> {
  try {
    return await runTmux(socket, ["list-sessions", "-F", "#{session_id}"], environment) !== "";
  } catch (error) {
    if (error instanceof DispatchError && error.reason === "no_tmux_server") return false;
    throw error;
  }
}
