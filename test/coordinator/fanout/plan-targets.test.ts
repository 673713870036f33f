import { describe, expect, it } from "vitest";
import type { Coordinator } from "../../../coordinator/coordinator.js";
import { planTargets } from "../../../coordinator/fanout/plan-targets.js";
import type { NodeClient } from "../../../coordinator/nodes/node-client.js";
import { NodeDirectory, type NodeEntry } from "../../../coordinator/nodes/node-directory.js";
import { systemClock } from "../../../core/clock.js";
import { parseAddress } from "../../../core/domain/target-address.js";
import { silentLog } from "../../../core/log.js";
import { memoryNodeStore } from "../local-directory.js";

/** Machines with panes `session:window.pane` or `session:window.pane name`, numbered from %0. */
const panes: Record<string, readonly string[]> = {
  hub: ["work:0.0 agent"],
  spark01: ["work:0.0 agent", "rel-1:0.0 main", "rel-1:0.1 main", "a*b:0.0", "axxb:0.0"],
  spark02: ["work:0.0 agent", "rel-2:3.0 build"],
};

/** `said`: further names that a machine says it has. */
function client(machine: string, said: readonly string[] = []): NodeClient {
  const listed = (panes[machine] ?? []).map((text, index) => {
    const [target = "", window = ""] = text.split(" ");
    return { target: { machine, server: "/s", paneId: `%${index}`, target, window }, detection: { agentKind: "claude", state: "idle", cwd: "/" } };
  });
  return { machine, address: machine, aliases: said, settled: async () => true, describe: async () => ({ home: "/root" }), listTargets: async () => listed } as unknown as NodeClient;
}

const said: Record<string, readonly string[]> = { spark01: ["vm", "one"], spark02: ["vm"] };
const entry = (machine: string, aliases: readonly string[] = []): NodeEntry => ({ machine, aliases, address: `${machine}:1` });

function directory(): NodeDirectory {
  return new NodeDirectory({
    local: { ...entry("hub"), source: "local", client: client("hub") }, store: memoryNodeStore(), hasLocal: () => true,
    configured: [entry("spark01", ["s1"]), entry("spark02")], connect: ({ machine }) => client(machine, said[machine]),
  });
}

async function planned(targets: readonly string[], select?: { machine?: string; session?: string }): Promise<string[]> {
  const coordinator = { nodes: directory(), clock: systemClock, log: silentLog } as Partial<Coordinator> as Coordinator;
  const found = await planTargets(coordinator, { targets: targets.map((text) => parseAddress(text, { server: "" })), select }, {});
  return found.map(({ machine, pane }) => `${machine}/${pane}`);
}

describe("the targets of a bulk", () => {
  it.each<[string[], string[]]>([
    [["spark01/work:0.0", "S1/work:0.0", "one/work:0.0"], ["spark01/work:0.0"]],
    [["spark*/work:agent"], ["spark01/%0", "spark02/%0"]],
    [["SPARK0?/rel-*:*"], ["spark01/%1", "spark01/%2", "spark02/%1"]],
    [["*/%0"], ["hub/%0", "spark01/%0", "spark02/%0"]],
    [["spark02/*:build"], ["spark02/%1"]],
    [["spark01/a*b:0.0"], ["spark01/%3"]],
    [["spark02/none*"], []],
    [["work*"], ["hub/%0"]],
  ])("%j are %j", async (named, expected) => expect(await planned(named)).toEqual(expected));

  it("a pane that was named is not taken once more by what selects it", async () => {
    expect(await planned(["spark02/work:agent"], { machine: "spark02" })).toEqual(["spark02/work:agent", "spark02/%1"]);
    expect(await planned(["spark01/rel-1:0.1", "spark01/rel-1:*"])).toEqual(["spark01/rel-1:0.1", "spark01/%1"]);
    // That one names two panes, and will be refused: it stands for neither.
    expect(await planned(["spark01/rel-1"], { machine: "s1", session: "rel-1" })).toEqual(["spark01/rel-1", "spark01/%1", "spark01/%2"]);
  });
});

describe("names of machines", () => {
  it("lead to one machine or to none: what was given goes before what a machine says of itself", () => {
    const nodes = directory();
    expect(["hub", "", "local", "S1", "one", "SPARK02"].map((name) => nodes.find(name)?.machine)).toEqual(["hub", "hub", "hub", "spark01", "spark01", "spark02"]);
    expect(() => nodes.named("vm")).toThrow('"vm" is a name of several machines: spark01, spark02.');
    expect(() => nodes.named("spark*")).toThrow("one is wanted here");
    // Who comes later under its own name has it, whatever others say.
    nodes.register({ ...entry("vm"), registeredAt: new Date(0) });
    expect(nodes.find("vm")?.machine).toBe("vm");
  });
});
