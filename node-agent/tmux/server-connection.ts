import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { ControlClient } from "./control-client.js";
import type { ReplyBlock } from "./control-parser.js";
import { type Environment, runTmux } from "./run-tmux.js";
import { ControlClientExit, TmuxError } from "./tmux-error.js";

/** Sessions can go while we attach to them; a server that loses this many in a row is not one to hold on to. */
const attachAttempts = 5;

/** 1 for a session that ends when nobody is attached (the option is a flag up to tmux 3.3, a choice since 3.4). */
const endsUnattached = "#{?#{m/r:^(0|off)$,#{destroy-unattached}},0,1}";

export interface ConnectionOptions {
  readonly clock: Clock;
  /** Environment for the tmux children: PATH is what matters. */
  readonly environment: Environment;
}

/**
 * The command channel to one incarnation of a tmux server: a control client on any of its sessions.
 * States: attached -> (its session goes, or somebody detaches it) reattaching -> attached; reattaching -> lost, when this incarnation
 * of the server answers no more or has no session left; any -> closed.
 */
export class ServerConnection {
  #client: Promise<ControlClient>;
  #end: DispatchError | undefined;
  #lostReason: string | undefined;
  readonly #exitListeners = new Set<(reason: string) => void>();

  private constructor(readonly socketPath: string, readonly incarnation: string, private readonly options: ConnectionOptions, client: ControlClient) {
    this.#client = Promise.resolve(client);
    this.#follow(client);
  }

  /** Throws DispatchError no_tmux, no_tmux_server or no_permission. */
  static async open(socketPath: string, options: ConnectionOptions): Promise<ServerConnection> {
    const found = await attachAnywhere(socketPath, undefined, options);
    if (found === undefined) throw new DispatchError("no_tmux_server", `The tmux server at ${socketPath} has no sessions.`, { metadata: { server: socketPath } });
    return new ServerConnection(socketPath, found.incarnation, options, found.client);
  }

  /**
   * Blocks of a line that only reads, or that may run twice: it is sent again after a reattach.
   * Throws DispatchError tmux_lost once the server is gone.
   */
  async query(line: string): Promise<ReplyBlock[]> {
    for (;;) {
      try {
        return await this.once(line);
      } catch (error) {
        if (!(error instanceof ControlClientExit)) throw error;
      }
    }
  }

  /** Like `query`, but sent once: ControlClientExit means that it is not known whether it ran. */
  async once(line: string): Promise<ReplyBlock[]> {
    const client = await this.#client;
    const blocks = await client.blocks(line);
    if (!blocks.some(isWithoutSession)) return blocks;
    await client.close();
    throw new ControlClientExit("its session has ended");
  }

  /** A further control client that receives the %output of one session. */
  attachForOutput(sessionId: string): Promise<ControlClient> {
    return ControlClient.attach(this.socketPath, sessionId, { ...this.options, output: true });
  }

  /** Called once, when the server is lost (at once where it is already); never after `close`. */
  onExit(listener: (reason: string) => void): () => void {
    if (this.#lostReason !== undefined) listener(this.#lostReason);
    this.#exitListeners.add(listener);
    return () => { this.#exitListeners.delete(listener); };
  }

  async close(): Promise<void> {
    this.#end ??= new DispatchError("tmux_lost", "The connection to tmux was closed.");
    this.#exitListeners.clear();
    const client = await this.#client.catch(() => undefined);
    await client?.close();
  }

  #follow(client: ControlClient): void {
    client.onExit((reason) => {
      this.#client = this.#reattach(reason);
      // Whoever asks next is told; nobody need be asking now.
      this.#client.catch(() => {});
    });
  }

  async #reattach(reason: string): Promise<ControlClient> {
    if (this.#end !== undefined) throw this.#end;
    const found = await attachAnywhere(this.socketPath, this.incarnation, this.options).catch(() => undefined);
    if (this.#end !== undefined) {
      await found?.client.close();
      throw this.#end;
    }
    if (found !== undefined) {
      this.#follow(found.client);
      return found.client;
    }
    this.#end = new DispatchError("tmux_lost", `The tmux server at ${this.socketPath} went away (${reason}).`, { metadata: { server: this.socketPath } });
    this.#lostReason = reason;
    for (const listener of this.#exitListeners) listener(reason);
    throw this.#end;
  }
}

/** What tmux answers to a client between the end of its session and its own end (3.3a). */
function isWithoutSession({ ok, lines }: ReplyBlock): boolean {
  return !ok && lines.length === 1 && lines[0]?.toString("latin1") === "no current target";
}

/** Undefined where the server has no session to attach to, or is not the expected incarnation. */
async function attachAnywhere(socketPath: string, expected: string | undefined, options: ConnectionOptions): Promise<{ client: ControlClient; incarnation: string } | undefined> {
  for (let attempt = 0; attempt < attachAttempts; attempt++) {
    const listed = await runTmux(socketPath, ["list-sessions", "-F", `${endsUnattached} #{session_id} #{pid}:#{start_time}`], options.environment);
    // Sessions that end when nobody is attached come last: our client would keep them alive.
    const [, sessionId, incarnation] = listed.split("\n").filter((line) => line !== "").sort()[0]?.split(" ") ?? [];
    if (sessionId === undefined || incarnation === undefined || (expected !== undefined && incarnation !== expected)) return undefined;
    try {
      return { client: await ControlClient.attach(socketPath, sessionId, { ...options, output: false }), incarnation };
    } catch (error) {
      if (!(error instanceof TmuxError) && !(error instanceof ControlClientExit)) throw error;
    }
  }
  return undefined;
}
