import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { ControlClient } from "./control-client.js";
import type { Notification } from "./control-parser.js";
import { paneNotFound, replyLines } from "./reply-lines.js";
import type { ServerConnection } from "./server-connection.js";

/** A pane that nobody watches any more is followed this long, since the next delivery may come soon. */
const keepUnusedMs = 30_000;

/** Sessions can go while we attach to them; more often than this in a row is not believed. */
const joinAttempts = 5;

/**
 * Nothing else tells that the process in a kept pane ended or was replaced. tmux compares this once a second for every window of the
 * session (a subscription to the pane itself falls silent when its process ends, 3.3a).
 */
const subscribe = "refresh-client -B 'dispatch:@*:#{P:#{pane_id} #{pane_dead} #{pane_pid};}'";

const longestReport = 512;

const structural = new Set(["layout-change", "window-close", "unlinked-window-close"]);

interface SessionWatch {
  readonly sessionId: string;
  client: Promise<ControlClient>;
  readonly panes: Set<string>;
}

/** What the pane's program wrote to its terminal, as it wrote it. */
export type OutputListener = (bytes: Buffer) => void;

interface PaneWatch {
  readonly listeners: Set<() => void>;
  readonly outputs: Set<OutputListener>;
  session: SessionWatch | undefined;
  /** It has been under a client before, so that something may have been missed in between. */
  followed: boolean;
  /** As it was found, then as the last report of the subscription told it: `dead pid`. */
  process: string;
  /** Ends the time for which it is followed without being watched. */
  keep: () => void;
}

/**
 * Who watches which pane. A control client hears the output of its own session alone, so there is one client for each session
 * that holds a watched pane; a pane that moves, or whose session ends, is followed to where it is now.
 */
export class PaneWatches {
  readonly #panes = new Map<string, PaneWatch>();
  readonly #sessions = new Map<string, SessionWatch>();
  #following: Promise<void> | undefined;
  #followAgain = false;
  #closed = false;

  constructor(private readonly connection: ServerConnection, private readonly clock: Clock) {}

  /** Throws DispatchError not_found. Once it resolves, no change is missed; a change may be told more than once. */
  async watch(paneId: string, onChange: () => void, onOutput?: OutputListener): Promise<() => void> {
    const listener = (): void => onChange();
    let pane = this.#panes.get(paneId);
    if (pane === undefined) {
      pane = { listeners: new Set(), outputs: new Set(), session: undefined, followed: false, process: "", keep: () => undefined };
      this.#panes.set(paneId, pane);
    }
    pane.keep();
    pane.listeners.add(listener);
    if (onOutput) pane.outputs.add(onOutput);
    const { outputs } = pane;
    const stop = (): void => {
      if (onOutput) outputs.delete(onOutput);
      this.#stop(paneId, listener);
    };
    if (pane.session !== undefined && this.#following === undefined) return stop;
    try {
      await this.#follow();
      if (this.#panes.get(paneId) === undefined) throw paneNotFound(paneId);
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Tells everyone that something changed: the server is gone. */
  serverLost(): void {
    for (const pane of this.#panes.values()) for (const listener of pane.listeners) listener();
    this.#forgetAll();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#forgetAll();
    await this.#following?.catch(() => {});
    await Promise.all([...this.#sessions.values()].map((session) => this.#drop(session)));
  }

  #stop(paneId: string, listener: () => void): void {
    const pane = this.#panes.get(paneId);
    if (pane?.listeners.delete(listener) !== true || pane.listeners.size > 0) return;
    pane.keep = this.clock.after(keepUnusedMs, () => {
      this.#panes.delete(paneId);
      this.#leave(paneId, pane);
    });
  }

  #forgetAll(): void {
    for (const pane of this.#panes.values()) pane.keep();
    this.#panes.clear();
  }

  /** Puts every watched pane under the client of a session that shows it; tells those whose pane is gone. */
  #follow(): Promise<void> {
    if (this.#following !== undefined) {
      this.#followAgain = true;
      return this.#following;
    }
    this.#following = this.#followAll().finally(() => { this.#following = undefined; });
    return this.#following;
  }

  async #followAll(): Promise<void> {
    let failures = 0;
    do {
      this.#followAgain = false;
      const places = placesOfPanes(replyLines(await this.connection.query("list-panes -a -F '#{pane_id} #{session_id} #{pane_dead} #{pane_pid}'")));
      for (const [paneId, pane] of this.#panes) {
        const { sessions: shown, process } = places.get(paneId) ?? { sessions: [], process: "" };
        // Reported as it was found, it has not changed.
        if (pane.process === "") pane.process = process;
        if (pane.session !== undefined && shown.includes(pane.session.sessionId)) continue;
        this.#leave(paneId, pane);
        if (shown[0] === undefined) {
          pane.keep();
          this.#panes.delete(paneId);
          for (const listener of pane.listeners) listener();
        } else {
          const failure = await this.#join(paneId, pane, shown[0]);
          if (!failure) continue;
          // The session may have ended meanwhile: look again where the pane is.
          if (++failures === joinAttempts) throw new DispatchError("internal", `The pane cannot be watched: ${failure.message}.`, { cause: failure });
          this.#followAgain = true;
        }
      }
    } while (this.#followAgain && !this.#closed);
  }

  /** Gives back why not. */
  async #join(paneId: string, pane: PaneWatch, sessionId: string): Promise<Error | undefined> {
    const session = this.#sessions.get(sessionId) ?? this.#openSession(sessionId);
    session.panes.add(paneId);
    pane.session = session;
    try {
      await session.client;
    } catch (error) {
      this.#leave(paneId, pane);
      return error as Error;
    }
    if (pane.followed) for (const listener of pane.listeners) listener();
    pane.followed = true;
    return undefined;
  }

  #leave(paneId: string, pane: PaneWatch): void {
    const session = pane.session;
    pane.session = undefined;
    if (session?.panes.delete(paneId) !== true) return;
    if (session.panes.size === 0) void this.#drop(session);
  }

  #openSession(sessionId: string): SessionWatch {
    const attached = this.connection.attachForOutput(sessionId);
    const session: SessionWatch = { sessionId, client: attached, panes: new Set() };
    session.client = this.#listen(session, attached);
    this.#sessions.set(sessionId, session);
    session.client.catch(() => this.#sessionEnded(session));
    return session;
  }

  async #listen(session: SessionWatch, attached: Promise<ControlClient>): Promise<ControlClient> {
    const client = await attached;
    client.onNotifications((batch) => this.#notified(session, client, batch));
    client.onExit(() => this.#sessionEnded(session));
    await client.blocks(subscribe);
    return client;
  }

  #sessionEnded(session: SessionWatch): void {
    if (this.#sessions.get(session.sessionId) !== session) return;
    this.#sessions.delete(session.sessionId);
    for (const paneId of session.panes) {
      const pane = this.#panes.get(paneId);
      if (pane?.session === session) pane.session = undefined;
    }
    if (session.panes.size > 0 && !this.#closed) this.#follow().catch(() => {});
  }

  async #drop(session: SessionWatch): Promise<void> {
    if (this.#sessions.get(session.sessionId) === session) this.#sessions.delete(session.sessionId);
    const client = await session.client.catch(() => undefined);
    await client?.close();
  }

  #notified(session: SessionWatch, client: ControlClient, batch: readonly Notification[]): void {
    const changed = new Set<string>();
    let moved = false;
    for (const { name, rest } of batch) {
      if (name === "output" || name === "extended-output") {
        if (!drawsNothing(rest)) changed.add(firstWord(rest));
        this.#tellOutput(firstWord(rest), rest);
      } else if (name === "pane-mode-changed") changed.add(firstWord(rest));
      else if (name === "subscription-changed") this.#processesReported(rest, changed);
      else if (name === "pause") {
        changed.add(firstWord(rest));
        client.blocks(`refresh-client -A '${firstWord(rest)}:continue'`).catch(() => {});
      } else if (structural.has(name)) {
        moved = true;
        for (const paneId of session.panes) changed.add(paneId);
      } else if (name === "session-changed" && firstWord(rest) !== session.sessionId) {
        // With detach-on-destroy off, tmux moves the client to another session.
        this.#sessionEnded(session);
        void client.close();
      }
    }
    for (const paneId of changed) for (const listener of this.#panes.get(paneId)?.listeners ?? []) listener();
    if (moved && session.panes.size > 0) this.#follow().catch(() => {});
  }

  /** `%7 text`, or `%7 age … : text`, in octal escapes. */
  #tellOutput(paneId: string, rest: Buffer): void {
    const outputs = this.#panes.get(paneId)?.outputs;
    if (!outputs || outputs.size === 0) return;
    const text = rest.toString("latin1").replace(/^%\d+ (?:\d+ [^:]*: )?/u, "");
    const bytes = Buffer.from(text.replaceAll(/\\(\d{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))), "latin1");
    for (const output of outputs) output(bytes);
  }

  #processesReported(report: Buffer, changed: Set<string>): void {
    for (const [, paneId = "", process = ""] of report.toString("latin1").matchAll(/(?<pane>%\d+) (?<process>\d+ \d+);/gu)) {
      const pane = this.#panes.get(paneId);
      if (pane === undefined || pane.process === process) continue;
      pane.process = process;
      changed.add(paneId);
    }
  }
}

/** The sessions that show each pane, and its process. */
function placesOfPanes(lines: readonly string[]): Map<string, { readonly sessions: string[]; readonly process: string }> {
  const places = new Map<string, { readonly sessions: string[]; readonly process: string }>();
  for (const line of lines) {
    const [paneId = "", sessionId = "", ...process] = line.split(" ");
    const place = places.get(paneId) ?? { sessions: [], process: process.join(" ") };
    place.sessions.push(sessionId);
    places.set(paneId, place);
  }
  return places;
}

/**
 * Reports to the terminal program alone, such as the state that Codex 0.171.0 tells before it draws (OSC 7501). Titles and the marks of shells
 * have numbers below 1000.
 */
function drawsNothing(output: Buffer): boolean {
  return output.length < longestReport && /^%\d+ (?:\d+ [^:]*: )?(?:\\033\]\d{4,};[^\\]*(?:\\033\\134|\\007))+$/u.test(output.toString("latin1"));
}

function firstWord(bytes: Buffer): string {
  const space = bytes.indexOf(0x20);
  return bytes.toString("latin1", 0, space === -1 ? bytes.length : space);
}
