import { execFile } from "node:child_process";
import { DispatchError } from "../../core/errors/dispatch-error.js";

const answerWithinMs = 3000;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Our environment without what would make tmux take us for a process inside one of its panes. */
export function tmuxEnvironment(environment: Environment): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && name !== "TMUX" && name !== "TMUX_PANE") clean[name] = value;
  }
  return clean;
}

/**
 * One short-lived tmux command against a server, without ever starting one. For what no control client can do yet (probing).
 * Throws DispatchError no_tmux, no_tmux_server or no_permission.
 */
export function runTmux(socketPath: string, args: readonly string[], environment: Environment): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("tmux", ["-u", "-N", "-S", socketPath, ...args], {
      env: tmuxEnvironment(environment), timeout: answerWithinMs, killSignal: "SIGKILL", maxBuffer: 16 * 1024 * 1024,
    }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(connectError(socketPath, error, stderr.trim()));
    });
  });
}

function connectError(socketPath: string, error: NodeJS.ErrnoException | Error, stderr: string): DispatchError {
  if ("code" in error && error.code === "ENOENT") return new DispatchError("no_tmux", undefined, { cause: error });
  const metadata = { server: socketPath };
  if (/permission denied|access not allowed/iu.test(stderr)) {
    return new DispatchError("no_permission", `The tmux socket ${socketPath} may not be used by this user.`, { metadata });
  }
  if ("killed" in error && error.killed === true) {
    return new DispatchError("no_tmux_server", `The tmux server at ${socketPath} does not answer.`, { metadata });
  }
  return new DispatchError("no_tmux_server", `No tmux server answers at ${socketPath}.`, { metadata, cause: stderr });
}
