import { DispatchError } from "../../core/errors/dispatch-error.js";

/** tmux answered a command with %error; `message` holds its text. */
export class TmuxError extends DispatchError {
  constructor(message: string) {
    super("internal", `tmux: ${message}`);
    this.name = "TmuxError";
  }
}

/** The control client ended before its answer came: whether the command ran is not known. Stays inside this room. */
export class ControlClientExit extends Error {
  constructor(reason: string) {
    super(`tmux control client ended: ${reason}`);
    this.name = "ControlClientExit";
  }
}
