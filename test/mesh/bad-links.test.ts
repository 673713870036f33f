import { beforeAll, describe, expect, it } from "vitest";
import { DispatchClient } from "../../sdk/index.js";
import { eventually } from "../testkit/tmux.js";
import { MeshWorld, ok, type Machine } from "./mesh-world.js";
import { Namespaces } from "./namespaces.js";
import { TcpProxy } from "./tcp-proxy.js";

const whyNot = await Namespaces.whyNot();
beforeAll(() => {
  if (whyNot !== undefined) console.warn(`skipped: ${whyNot}`);
});

/** Of the contract: a dead peer is found. What a test's own steps take comes on top. */
const foundDeadMs = 3_000;
const reachMs = 50;

interface Link {
  readonly world: MeshWorld;
  readonly hub: Machine;
  readonly spark: Machine;
  readonly proxy: TcpProxy;
}

/** A coordinator that reaches its one other machine through the proxy, on a third. */
async function behindProxy(use: (link: Link) => Promise<void>): Promise<void> {
  await MeshWorld.with(async (world) => {
    const between = await world.namespaces.add();
    const hub = await world.hub({ nodes: [{ machine: "spark01", address: `${between.address}:7411` }] });
    const spark = await world.machine("spark01", (address) => ({ nodeListen: `${address}:7411` }));
    await world.join(hub, spark, ["node", "token", "--name", "spark01"]);
    const proxy = await TcpProxy.start(between.runner, `${between.address}:7411`, `${spark.address}:7411`);
    try {
      await ok(spark, ["up"]);
      await world.eventuallyUp(hub, "spark01");
      await use({ world, hub, spark, proxy });
    } finally {
      await proxy.stop();
    }
  });
}

const clientOf = (hub: Machine): Promise<DispatchClient> => DispatchClient.connect({ address: `unix:${hub.product.dataDir}/coordinator.sock` });

describe.skipIf(whyNot !== undefined)("links that stall, break, and end on one side alone", () => {
  it.each(["stall", "half-open"])("%s in the middle of a delivery: found dead within 3 s, settled by the journal, typed once", (trouble) =>
    behindProxy(async ({ world, hub, spark, proxy }) => {
      const agent = await spark.product.agent({ settings: { turnMs: 20, recordDelayMs: 1_000 } });
      const sending = hub.product.sending(`spark01/${agent.target}`, "over a bad link", "--server", spark.product.tmux.socket, "--key", "k");
      await sending.saw("submitted");
      await proxy.be(trouble);
      const began = Date.now();
      const lost = await eventually(async () => (await world.nodes(hub)).find(({ machine, reachable }) => machine === "spark01" && !reachable), "the loss to be seen", 10_000) as unknown as { since: string };
      expect(new Date(lost.since).getTime() - began).toBeLessThan(foundDeadMs + 500);
      await agent.waitFor(({ event }) => event === "submitted");
      await proxy.be("pass");
      expect(await sending.outcome).toMatchObject({ status: "delivered", code: 0, evidence: { source: "record" } });
      expect(await agent.submitted()).toEqual(["over a bad link"]);
      expect((await agent.input()).enters).toBe(1);
    }), 120_000);

  it("a connection that is reset after each step, and either side killed after each step: the same key ends in one delivery", () =>
    behindProxy(async ({ world, hub, spark, proxy }) => {
      const troubles = { cut: () => proxy.be("cut"), coordinator: () => Promise.resolve(void hub.product.killDaemon()), node: () => Promise.resolve(void spark.product.killDaemon()) };
      for (const [name, trouble] of Object.entries(troubles)) {
        for (const step of ["accepted", "typed", "parked", "submitted"]) {
          const agent = await spark.product.agent({ settings: { turnMs: 20, recordDelayMs: 100, echoDelayMs: 30 } });
          const [text, key] = [`${name} after ${step}`, `${name}-${step}`];
          const words = ["--server", spark.product.tmux.socket, "--key", key];
          const sending = hub.product.sending(`spark01/${agent.target}`, text, ...words);
          await sending.saw(step);
          await trouble();
          for (const machine of [hub, spark]) await ok(machine, ["up"]);
          await world.eventuallyUp(hub, "spark01");
          const first = await sending.outcome.catch(() => undefined);
          const again = await hub.product.send(`spark01/${agent.target}`, text, ...words);
          const submitted = await agent.submitted();
          // What was in the composer when its node died may be left to a person: then it says so, and nothing was submitted.
          expect({ name, step, status: again.status, submitted }).toEqual({ name, step, status: again.status, submitted: again.status === "delivered" ? [text] : [] });
          if (name !== "node") expect({ name, step, status: again.status }).toEqual({ name, step, status: "delivered" });
          if (first) expect({ name, step, status: first.status }).toEqual({ name, step, status: again.status });
          expect((await agent.input()).enters).toBeLessThanOrEqual(1);
        }
      }
    }), 240_000);

  it("cancel and deadline reach the node within 50 ms, and over 100 ms of wire a cancel takes one way of it more", () =>
    behindProxy(async ({ hub, spark, proxy }) => {
      const agent = await spark.product.agent({ settings: { hold: true } });
      const address = { machine: "spark01", pane: agent.target, server: spark.product.tmux.socket };
      await using client = await clientOf(hub);
      expect(await client.send({ target: address, prompt: "keeps it busy", waitFor: "delivered" })).toMatchObject({ status: "delivered" });
      const cancelMs = async (key: string): Promise<number> => {
        const run = client.send({ target: address, prompt: "never typed", key, onBusy: "when_idle" });
        for await (const { step } of run) if (step === "accepted") break;
        const began = Date.now();
        expect(await client.cancel(key)).toMatchObject({ cancelled: true });
        const ended = (await client.get(key)).steps.at(-1)!;
        expect(ended.step).toBe("cancelled");
        return ended.at.getTime() - began;
      };
      const near = [];
      for (let index = 0; index < 5; index++) near.push(await cancelMs(`near-${index}`));
      const expired = [];
      for (let index = 0; index < 5; index++) {
        const { status, steps } = await client.send({ target: address, prompt: "never typed", key: `late-${index}`, onBusy: "when_idle", timeoutMs: 300 });
        expect(status).toBe("expired");
        expired.push(steps.at(-1)!.at.getTime() - steps[0]!.at.getTime() - 300);
      }
      await proxy.be("delay 100");
      const far = await cancelMs("far");
      console.log(`cancel reached the node after ${near.join(", ")} ms, a deadline after ${expired.join(", ")} ms; over 100 ms of wire ${far} ms`);
      const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[2]!;
      expect(middle(near)).toBeLessThanOrEqual(reachMs);
      expect(middle(expired)).toBeLessThanOrEqual(reachMs);
      expect(far).toBeGreaterThanOrEqual(100);
      expect(far).toBeLessThanOrEqual(100 + 2 * reachMs);
      expect(await agent.submitted()).toEqual(["keeps it busy"]);
    }), 120_000);
});
