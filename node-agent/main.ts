import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../core/clock.js";
import type { Config } from "../core/config/config.js";
import { environment } from "../core/config/environment.js";
import type { TargetAddress } from "../core/domain/target.js";
import type { Log } from "../core/log.js";
import { builtInAgents } from "./agents/built-in-agents.js";
import { profileAdapter } from "./agents/profile/adapter.js";
import { AgentRegistry } from "./agents/agent-registry.js";
import { DeliveryDesk } from "./delivery/delivery-desk.js";
import { DeliveryLog } from "./delivery/delivery-log.js";
import { PaneLocks } from "./delivery/pane-locks.js";
import type { Pane } from "./delivery/sight.js";
import { TmuxPane } from "./delivery/tmux-pane.js";
import { Eyes } from "./detection/eyes.js";
import { LocalNode } from "./local-node.js";
import type { Node } from "./node.js";
import { processFactsForPlatform } from "./processes/process-facts-for-platform.js";
import { Journal } from "./store/journal.js";
import { resolveTarget } from "./tmux/resolve-target.js";
import { TmuxServers } from "./tmux/tmux-servers.js";

/** Wires the node's rooms together, and goes on with the deliveries that an earlier life of it left. */
export async function createNode(config: Config, log: Log): Promise<Node> {
  const clock = systemClock;
  const facts = processFactsForPlatform(process.platform, environment["PATH"] ?? "", clock);
  const temporaryFolder = join(config.dataDir, "paste");
  // One node at a time has the state folder: what is there was left by one that was killed, and may hold a prompt.
  rmSync(temporaryFolder, { recursive: true, force: true });
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  const journal = new Journal(join(config.dataDir, "node.db"), config.machine);
  const registry = new AgentRegistry([...builtInAgents, ...config.profiles.map(profileAdapter)]);
  const servers = new TmuxServers({ tmuxTmpdir: environment["TMUX_TMPDIR"], uid: process.getuid?.() ?? 0 }, { clock, environment, temporaryFolder });
  const eyes = new Eyes({ clock, facts, registry });
  const locks = new PaneLocks();
  const resolve = async (address: TargetAddress): Promise<Pane> => {
    const server = await servers.get(address.server);
    return new TmuxPane(server, await resolveTarget(server, config.machine, address), (target) => eyes.see(server, target));
  };
  const desk = new DeliveryDesk({
    clock, facts, journal, log: new DeliveryLog(journal, clock), locks, turns: new Map(), adapterOf: (kind) => registry.byKind(kind), resolve,
  }, config.machine);
  await desk.recover();
  log.info({ agents: registry.kinds }, "node is ready");
  return new LocalNode({
    machine: config.machine, aliases: config.aliases, clock, facts, servers, eyes, desk, journal, locks, resolve, agentKinds: registry.kinds, platform: process.platform, pid: process.pid, environment,
  });
}
