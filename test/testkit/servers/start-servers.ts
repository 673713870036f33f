import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { defaultConfig, type Config } from "../../../core/config/config.js";
import { silentLog, type Log } from "../../../core/log.js";
import { startCoordinator, type RunningCoordinator } from "../../../coordinator/main.js";
import { startNode, type RunningNode } from "../../../node-agent/start-node.js";
import { ScriptedNode } from "../scripted-node/scripted-node.js";

export interface Servers {
  readonly config: Config;
  readonly scripted: ScriptedNode;
  readonly node: RunningNode;
  readonly coordinator: RunningCoordinator;
}

/** A scripted node and a coordinator on sockets of a test's own. */
export async function startServers(options: { config?: Partial<Config>; log?: Log } = {}): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-servers-"));
  const config = { ...defaultConfig({ HOME: folder }), dataDir: join(folder, "state"), machine: "here", ...options.config };
  const log = options.log ?? silentLog;
  const scripted = new ScriptedNode({ machine: config.machine });
  const node = await startNode(config, log, () => Promise.resolve(scripted));
  const coordinator = await startCoordinator(config, log);
  onTestFinished(async () => {
    await coordinator.close();
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { config, scripted, node, coordinator };
}
