import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A private tmux server on its own socket, for tests. */
export class TestTmux {
  constructor(readonly socket: string) {}

  /** Runs one tmux command and returns what it prints, without the last line end. */
  async run(...args: string[]): Promise<string> {
    const { stdout } = await run("tmux", ["-f", "/dev/null", "-S", this.socket, ...args], {
      maxBuffer: 64 << 20, env: { PATH: process.env["PATH"], LANG: "C.UTF-8", HOME: "/", TERM: "tmux-256color" },
    });
    return stdout.replace(/\n$/, "");
  }

  async pane(paneId: string, format: string): Promise<string> {
    return this.run("display-message", "-p", "-t", paneId, format);
  }

  /** Visible text of a pane. */
  async screen(paneId: string): Promise<string> {
    return this.run("capture-pane", "-p", "-t", paneId);
  }

  /** Opens a window that runs `command` (not through a shell). The first one starts server and session. Dead panes stay, and the server without any. */
  async open(options: { session: string; window: string; cwd: string; width: number; height: number; command: readonly string[] }): Promise<{ paneId: string; pid: number }> {
    const exists = await this.run("has-session", "-t", `=${options.session}`).then(() => true, () => false);
    const size = `${options.width}x${options.height}`;
    const line = await this.run(
      "start-server", ";", "set-option", "-g", "exit-empty", "off", ";", "set-option", "-wg", "remain-on-exit", "on", ";", "set-option", "-wg", "automatic-rename", "off", ";",
      "set-option", "-g", "default-size", size, ";", "set-option", "-g", "history-limit", "20000", ";",
      ...(exists ? ["new-window", "-d", "-t", `=${options.session}:`] : ["new-session", "-d", "-s", options.session]),
      "-P", "-F", "#{pane_id} #{pane_pid}", "-n", options.window, "-c", options.cwd, ...options.command,
    );
    const [paneId = "", pid] = line.split(" ");
    return { paneId, pid: Number(pid) };
  }

  async kill(): Promise<void> {
    await this.run("kill-server").catch(() => "");
  }
}
