import { execFile } from "node:child_process";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { type Environment, tmuxEnvironment } from "./run-tmux.js";

/** What `tmux -V` names, such as `3.3a` or `next-3.6`. Throws DispatchError no_tmux. */
export function tmuxVersion(environment: Environment): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("tmux", ["-V"], { env: tmuxEnvironment(environment), timeout: 5000 }, (error, stdout) => {
      if (error === null) resolve(stdout.trim().replace(/^tmux /u, ""));
      else reject(new DispatchError("no_tmux", undefined, { cause: error }));
    });
  });
}
