import type { Screen } from "../screen/screen.js";
import { capturePane } from "./capture-pane.js";
import { type InputGuard, paneId as checkedPaneId } from "./guarded-input.js";
import { lookAtPane } from "./look-at-pane.js";
import { newSeparator, type PaneFacts, paneListFormat, parsePaneList } from "./pane-facts.js";
import { PaneWatches, type OutputListener } from "./pane-watches.js";
import { openPasteFolder, pastePrefix, staleBefore } from "./paste-file.js";
import { quoteArgument } from "./quote-argument.js";
import { replyLines } from "./reply-lines.js";
import { type ConnectionOptions, ServerConnection } from "./server-connection.js";
import { pressInPane, typeIntoPane } from "./type-into-pane.js";

export interface TmuxServerOptions extends ConnectionOptions {
  /** Folder for the short-lived paste files; made, and kept at mode 0700. */
  readonly temporaryFolder: string;
}

/**
 * One incarnation of a tmux server. States: live -> lost (told once by `onExit`; every call then throws DispatchError tmux_lost) | closed.
 * A session that ends while others live changes nothing here.
 */
export class TmuxServer {
  readonly #connection: ServerConnection;
  readonly #watches: PaneWatches;

  private constructor(connection: ServerConnection, private readonly options: TmuxServerOptions) {
    this.#connection = connection;
    this.#watches = new PaneWatches(connection, options.clock);
    connection.onExit(() => this.#watches.serverLost());
  }

  /** Throws DispatchError no_tmux, no_tmux_server, no_permission or state_unwritable. Never starts a server. */
  static async open(socketPath: string, options: TmuxServerOptions): Promise<TmuxServer> {
    await openPasteFolder(options.temporaryFolder, options.clock);
    const server = new TmuxServer(await ServerConnection.open(socketPath, options), options);
    await server.#deleteStaleBuffers();
    return server;
  }

  get socketPath(): string {
    return this.#connection.socketPath;
  }

  /** `pid:start_time` of the server process. */
  get incarnation(): string {
    return this.#connection.incarnation;
  }

  /** Every pane of every session. */
  async listPanes(): Promise<PaneFacts[]> {
    const separator = newSeparator();
    return parsePaneList(replyLines(await this.#connection.query(`list-panes -a -F ${quoteArgument(paneListFormat(separator))}`)), separator);
  }

  /** Facts and screen of one instant. Throws DispatchError not_found. */
  look(paneId: string): Promise<Screen> {
    return lookAtPane(checkedPaneId(paneId), (line) => this.#connection.query(line));
  }

  /** The last `lines` lines as text, scrollback included. Throws DispatchError not_found. */
  capture(paneId: string, lines: number): Promise<string> {
    return capturePane(paneId, lines, this.#connection);
  }

  /**
   * Calls back after output of the pane that draws, a change of its mode or layout, its process's end (within a second where tmux keeps the pane),
   * its own end, and the server's. May call once too often. Throws DispatchError not_found.
   */
  watchPane(paneId: string, onChange: () => void, onOutput?: OutputListener): Promise<() => void> {
    return this.#watches.watch(checkedPaneId(paneId), onChange, onOutput);
  }

  /**
   * Pastes the text if the guard holds and the pane does not bear this mark as its last one; `stale` means that nothing was typed.
   * Throws DispatchError empty_prompt, invalid_argument (control characters other than tab and line feed), pane_input_blocked,
   * no_permission, state_unwritable (nothing was typed), or tmux_lost (not known whether it was typed; the mark tells if the pane comes back).
   */
  type(guard: InputGuard, text: string, mark: string, { literal = false }: { literal?: boolean } = {}): Promise<"typed" | "stale"> {
    return typeIntoPane(this.#connection, this.options.temporaryFolder, guard, text, mark, literal);
  }

  /** Sends one key (tmux name, such as Enter, Tab, C-s) under the same rules as `type`, with a mark of its own. */
  press(guard: InputGuard, key: string, mark: string): Promise<"pressed" | "stale"> {
    return pressInPane(this.#connection, guard, key, mark);
  }

  /** Leaves copy mode and every other mode; nothing happens where there is none. Throws DispatchError not_found. */
  async leaveCopyMode(paneId: string): Promise<void> {
    replyLines(await this.#connection.query(`copy-mode -q -t ${checkedPaneId(paneId)}`));
  }

  /** Called once when the server dies or has no session left (at once where it has already); never after `close`. */
  onExit(listener: (reason: string) => void): () => void {
    return this.#connection.onExit(listener);
  }

  /** Ends every child of this object. The tmux server is left as it is. */
  async close(): Promise<void> {
    await Promise.all([this.#watches.close(), this.#connection.close()]);
  }

  async #deleteStaleBuffers(): Promise<void> {
    const lines = replyLines(await this.#connection.query("list-buffers -F '#{buffer_created} #{buffer_name}'"));
    for (const line of lines) {
      const [created, name = ""] = line.split(" ");
      if (!new RegExp(`^${pastePrefix}[0-9a-f]+$`, "u").test(name) || Number(created) * 1000 > staleBefore(this.options.clock)) continue;
      await this.#connection.query(`delete-buffer -b ${name}`);
    }
  }
}
