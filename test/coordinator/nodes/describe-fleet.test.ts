import { expect, it } from "vitest";
import { describeFleet } from "../../../coordinator/nodes/describe-fleet.js";
import type { NodeClient } from "../../../coordinator/nodes/node-client.js";
import { NodeDirectory, type NodeEntry } from "../../../coordinator/nodes/node-directory.js";
import { systemClock } from "../../../core/clock.js";
import { memoryNodeStore } from "../local-directory.js";

const entry = (machine: string): NodeEntry => ({ machine, aliases: [], address: `${machine}:1` });

it("a machine that is not connected is told as away, with the reason, and no call is made for it", async () => {
  const asked: string[] = [];
  const client = (machine: string, isConnected: boolean): NodeClient => ({
    machine, aliases: [], settled: async () => isConnected, whyAway: async () => `Nothing listens at ${machine}:1.`,
    describe: async () => (asked.push(machine), { machine, aliases: [], version: "1", contract: "v1", tmuxVersion: "3.3a", startedAt: new Date(0) }),
  }) as unknown as NodeClient;
  const nodes = new NodeDirectory({
    local: { ...entry("hub"), source: "local", client: client("hub", true) }, store: memoryNodeStore(), hasLocal: () => true,
    configured: [entry("away"), entry("there")], connect: ({ machine }) => client(machine, machine === "there"),
  });
  expect(await describeFleet({ nodes, clock: systemClock }, new AbortController().signal, { countAgents: false })).toMatchObject([
    { machine: "hub", reachable: true }, { machine: "away", reachable: false, detail: "Nothing listens at away:1." }, { machine: "there", reachable: true },
  ]);
  expect(asked).toEqual(["hub", "there"]);
});
