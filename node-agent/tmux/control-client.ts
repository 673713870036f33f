import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import type { Clock } from "../../core/clock.js";
import { ControlParser, type Notification, type ReplyBlock } from "./control-parser.js";
import { type Environment, tmuxEnvironment } from "./run-tmux.js";
import { ControlClientExit, TmuxError } from "./tmux-error.js";

/** A server that leaves a command unanswered for this long is taken for lost. */
const answerWithinMs = 10_000;

/**
 * tmux, with a watcher beside it that kills it when our end of descriptor 3 closes without a farewell. Closing stdin is not enough when
 * this process is killed: tmux 3.3a keeps a control client for ever while output for it is pending, and then cannot even be ended itself.
 */
const tmuxUntilWeEnd = '(read -r farewell <&3 || kill -9 $$) </dev/null >/dev/null 2>&1 & exec tmux "$@" 3<&-';

export interface ControlClientOptions {
  readonly clock: Clock;
  readonly environment: Environment;
  /** Receive %output of every pane of the session. */
  readonly output: boolean;
}

interface Waiting {
  readonly token: string;
  readonly blocks: ReplyBlock[];
  resolve(blocks: ReplyBlock[]): void;
  reject(error: Error): void;
  stopTimer(): void;
}

/**
 * One `tmux -C attach` child. It never sets a size, never applies update-environment (that would overwrite the session's
 * SSH_AUTH_SOCK and DISPLAY with ours), never starts a server, and does not outlive this process.
 * States: attached -> ended (once; %exit, end of the child, or `close`).
 */
export class ControlClient {
  readonly #child: ChildProcess;
  readonly #lifeline: Writable | undefined;
  readonly #waiting: Waiting[] = [];
  readonly #exitListeners = new Set<(reason: string) => void>();
  readonly #notificationListeners = new Set<(batch: readonly Notification[]) => void>();
  readonly #gone: Promise<void>;
  #batch: Notification[] = [];
  #exitReason: string | undefined;
  #stderr = "";
  #attached: { resolve(): void; reject(error: Error): void } | undefined;

  private constructor(socketPath: string, private readonly options: ControlClientOptions, sessionId: string) {
    // -u: without it tmux writes "_" for every character beyond ASCII when our own locale is not UTF-8.
    const flags = options.output ? "ignore-size,pause-after=5" : "ignore-size,no-output";
    const args = ["-u", "-N", "-S", socketPath, "-C", "attach-session", "-E", "-f", flags, "-t", sessionId];
    this.#child = spawn("/bin/sh", ["-c", tmuxUntilWeEnd, "tmux", ...args], {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      env: tmuxEnvironment(options.environment),
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once("error", (error) => { this.#end(error.message); resolve(); });
      this.#child.once("close", () => { this.#end(this.#stderr.trim() || "control client ended"); resolve(); });
    });
    // Without file descriptors to spare Node makes no pipes at all (20), and tells the error afterwards.
    const pipes: ChildProcess["stdio"] | undefined = this.#child.stdio;
    this.#lifeline = pipes?.[3] as Writable | undefined;
    const parser = new ControlParser({ block: (block) => this.#block(block), notification: (n) => this.#notification(n) });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      parser.push(chunk);
      this.#flush();
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => { this.#stderr = (this.#stderr + chunk.toString("utf8")).slice(-500); });
    // A broken pipe is told by the child's end.
    for (const stream of [this.#child.stdin, this.#lifeline]) stream?.on("error", () => {});
  }

  /** Throws TmuxError where tmux refuses, ControlClientExit where the child ends first. */
  static async attach(socketPath: string, sessionId: string, options: ControlClientOptions): Promise<ControlClient> {
    const client = new ControlClient(socketPath, options, sessionId);
    const stopTimer = options.clock.after(answerWithinMs, () => client.#end("tmux does not answer"));
    try {
      await new Promise<void>((resolve, reject) => { client.#attached = { resolve, reject }; });
    } catch (error) {
      await client.close();
      throw error;
    } finally {
      stopTimer();
    }
    return client;
  }

  get ended(): boolean {
    return this.#exitReason !== undefined;
  }

  /**
   * Every block that one line yields (`a ; b` yields two, `if-shell` one for itself and one for each command it runs), errors included.
   * Lines are pipelined. A second line that prints a random token tells where the answer ends.
   */
  blocks(line: string): Promise<ReplyBlock[]> {
    if (this.#exitReason !== undefined) return Promise.reject(new ControlClientExit(this.#exitReason));
    if (line === "" || /[\n\r]/u.test(line)) return Promise.reject(new RangeError("a tmux command is one line"));
    const token = randomUUID();
    return new Promise((resolve, reject) => {
      const stopTimer = this.options.clock.after(answerWithinMs, () => this.#end("tmux does not answer"));
      this.#waiting.push({ token, blocks: [], resolve, reject, stopTimer });
      this.#child.stdin?.write(`${line}\ndisplay-message -p ${token}\n`);
    });
  }

  /** Notifications, in the batches they came in. */
  onNotifications(listener: (batch: readonly Notification[]) => void): () => void {
    this.#notificationListeners.add(listener);
    return () => { this.#notificationListeners.delete(listener); };
  }

  /** Called once; at once where it has ended already. */
  onExit(listener: (reason: string) => void): () => void {
    if (this.#exitReason !== undefined) {
      listener(this.#exitReason);
      return () => {};
    }
    this.#exitListeners.add(listener);
    return () => { this.#exitListeners.delete(listener); };
  }

  /** Ends the child and waits for its end. */
  async close(): Promise<void> {
    this.#end("closed");
    await this.#gone;
  }

  #block(block: ReplyBlock): void {
    if (!block.own) {
      if (block.ok) this.#attached?.resolve();
      else this.#attached?.reject(new TmuxError(block.lines.join("\n")));
      return;
    }
    const first = this.#waiting[0];
    if (first === undefined) return;
    if (block.lines.length === 1 && block.lines[0]?.toString("latin1") === first.token) {
      this.#waiting.shift();
      first.stopTimer();
      first.resolve(first.blocks);
    } else first.blocks.push(block);
  }

  #notification(notification: Notification): void {
    if (notification.name === "exit") this.#end(notification.rest.toString("utf8") || "detached");
    else this.#batch.push(notification);
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    for (const listener of this.#notificationListeners) listener(batch);
  }

  #end(reason: string): void {
    if (this.#exitReason !== undefined) return;
    this.#exitReason = reason;
    this.#lifeline?.end("farewell\n");
    this.#child.stdin?.end();
    // SIGTERM would wait for a farewell of the server, which may be stopped; there is no terminal to restore.
    this.#child.kill("SIGKILL");
    const error = new ControlClientExit(reason);
    this.#attached?.reject(error);
    for (const waiting of this.#waiting.splice(0)) {
      waiting.stopTimer();
      waiting.reject(error);
    }
    const listeners = [...this.#exitListeners];
    this.#exitListeners.clear();
    for (const listener of listeners) listener(reason);
  }
}
