import path from "node:path";
import { afterEach } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { TmuxServer, type TmuxServerOptions } from "../../../node-agent/tmux/tmux-server.js";
import type { TestTmux } from "../../testkit/tmux.js";

const opened = new Set<TmuxServer>();

afterEach(async () => {
  await Promise.all([...opened].map((server) => server.close()));
  opened.clear();
});

export function serverOptions(tmux: TestTmux): TmuxServerOptions {
  return { clock: systemClock, environment: tmux.environment, temporaryFolder: path.join(tmux.folder, "paste") };
}

/** Closed after the test. */
export async function openServer(tmux: TestTmux, options: Partial<TmuxServerOptions> = {}): Promise<TmuxServer> {
  const server = await TmuxServer.open(tmux.socketPath, { ...serverOptions(tmux), ...options });
  opened.add(server);
  return server;
}
