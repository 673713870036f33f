import { findServers, serverPath, type SocketPlace } from "./find-servers.js";
import { TmuxServer, type TmuxServerOptions } from "./tmux-server.js";

/** One open connection per tmux server; a server that went away is connected to anew when it is asked for again. */
export class TmuxServers {
  readonly #place: SocketPlace;
  readonly #options: TmuxServerOptions;
  readonly #open = new Map<string, Promise<TmuxServer>>();

  constructor(place: SocketPlace, options: TmuxServerOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** By `-L` name, socket path, or empty for the default one. Throws no_tmux, no_tmux_server, no_permission. */
  get(name: string): Promise<TmuxServer> {
    const path = serverPath(name, this.#place);
    const open = this.#open.get(path) ?? this.#connect(path);
    this.#open.set(path, open);
    return open;
  }

  /** Every server of this user that answers. */
  async all(): Promise<TmuxServer[]> {
    const paths = await this.paths();
    const opened = await Promise.allSettled(paths.map((path) => this.get(path)));
    // A server may end between being found and being connected to: then it has no panes.
    return opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  paths(): Promise<string[]> {
    return findServers(this.#place, this.#options.environment, (path) => this.#open.has(path));
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(open.flatMap((result) => (result.status === "fulfilled" ? [result.value.close()] : [])));
  }

  async #connect(path: string): Promise<TmuxServer> {
    const forget = (): void => {
      this.#open.delete(path);
    };
    try {
      const server = await TmuxServer.open(path, this.#options);
      server.onExit(forget);
      return server;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
