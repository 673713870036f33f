import { gradually } from "../../core/async/gradually.js";
import type { Clock } from "../../core/clock.js";
import type { FleetNode, NodeSource } from "../../core/domain/fleet.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { contract } from "../../core/wire/contract.js";
import type { KnownNode, NodeDirectory } from "./node-directory.js";

/** A machine that takes longer is told as one that does not answer. */
const askMs = 2_000;
/** So long one is waited for whose connection is being made. */
const connectMs = 1_000;

/** Every machine that is connected is asked, and none waits for another; of the others it is told at once why they are not. */
export async function describeFleet({ nodes, clock }: { nodes: NodeDirectory; clock: Clock }, signal: AbortSignal, options: { countAgents: boolean }): Promise<FleetNode[]> {
  const mayStart = gradually();
  return Promise.all(nodes.known().map(async (node) => {
    const { machine, address, source, client } = node;
    const common = { machine, address, source, transport: transportOf(node), draining: nodes.isDraining(machine), agents: {}, since: client.since };
    if (node.offline) {
      const since = node.offline.since;
      return { ...common, aliases: node.aliases, version: "", contract: "", tmuxVersion: "", reachable: false, since, detail: `It is not on the tailnet${since ? ` since ${since.toISOString()}` : ""}.` };
    }
    try {
      if (!(await client.settled(connectMs))) throw new DispatchError("node_unreachable");
      await mayStart();
      const begun = clock.now().getTime();
      const call = { deadline: new Date(begun + askMs), signal };
      const told = await client.describe(call);
      const latencyMs = clock.now().getTime() - begun;
      const agents = options.countAgents ? await countAgents(node, call) : {};
      return {
        ...common, aliases: namesLeadingTo(nodes, machine, [...node.aliases, ...told.aliases]), version: told.version, contract: told.contract, tmuxVersion: told.tmuxVersion, reachable: true, latencyMs, agents,
        since: common.since ?? told.startedAt, detail: wrongWith(node, told),
      };
    } catch (error) {
      return { ...common, aliases: node.aliases, version: "", contract: "", tmuxVersion: "", reachable: false, detail: (await client.whyAway()) || (error as Error).message };
    }
  }));
}

/** A name that several machines say they have leads to none of them. */
function namesLeadingTo(nodes: NodeDirectory, machine: string, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name.toLowerCase() !== machine.toLowerCase() && nodes.find(name)?.machine === machine);
}

async function countAgents({ client }: KnownNode, call: { deadline: Date; signal: AbortSignal }): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { detection } of await client.listTargets("", call)) {
    if (!["shell", "unknown"].includes(detection.agentKind)) counts[detection.state] = (counts[detection.state] ?? 0) + 1;
  }
  return counts;
}

function wrongWith(node: KnownNode, told: { machine: string; contract: string; version: string }): string {
  if (told.machine.toLowerCase() !== node.machine.toLowerCase()) return `It calls itself ${told.machine}.`;
  if (told.contract !== contract) return `It speaks the contract ${told.contract} (${told.version}), this coordinator ${contract}: bring both to one version.`;
  return "";
}

function transportOf({ source, address }: KnownNode): string {
  if (address.startsWith("ssh://")) return "ssh";
  return ({ local: "unix", config: "mtls", joined: "mtls", tailnet: "tailnet" } satisfies Record<NodeSource, string>)[source];
}
