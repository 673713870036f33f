import type { Config } from "../core/config/config.js";
import { loadConfig } from "../core/config/load-config.js";
import { refuseForeign, socketFolder, socketPath } from "../core/config/state-folder.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { isListening } from "./daemon/daemon-control.js";
import { ensureDaemon } from "./daemon/ensure-daemon.js";

export interface ConnectOptions {
  /** Address of a coordinator, such as `unix:/run/dispatch/coordinator.sock`. */
  readonly address?: string | undefined;
  /** Configuration; loaded from files and environment where none is given. */
  readonly config?: Config | undefined;
  /** Told, in one sentence, what a person may want to know: such as that the background process is of another version. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** Address to connect to; starts the background process where that is ours to do. */
export async function connectAddress({ address, config = loadConfig().config, onNotice }: ConnectOptions): Promise<string> {
  if (address) return address;
  if (config.autostart) {
    const ensured = await ensureDaemon(config);
    if (ensured === "outdated") onNotice?.("The background process is of another version; it is replaced once its deliveries have ended.");
  } else if (await isListening(config)) {
    refuseForeign(socketFolder(config.dataDir));
  } else {
    throw new DispatchError("daemon_unavailable", undefined, { metadata: { path: config.dataDir } });
  }
  return `unix:${socketPath(config.dataDir, "coordinator.sock")}`;
}
