import { beforeAll, describe, expect, it } from "vitest";
import type { TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";
import { MeshWorld, ok, type Machine } from "./mesh-world.js";
import { Namespaces } from "./namespaces.js";

const whyNot = await Namespaces.whyNot();
beforeAll(() => {
  if (whyNot !== undefined) console.warn(`skipped: ${whyNot}`);
});

/** As many as time allows in a run of all tests; `MESH_SENDS=1000` for the whole of it. */
const sends = Number(process.env["MESH_SENDS"] ?? 60);
const seed = Number(process.env["MESH_SEED"] ?? 1);

/** Numbers that look random and are the same in every run of a seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe.skipIf(whyNot !== undefined)("three machines whose links and processes come and go", () => {
  it(`${sends} sends: nothing is lost, nothing is typed twice`, () =>
    MeshWorld.with(async (world) => {
      const random = randomFrom(seed);
      const hub = await world.hub();
      const machines: Machine[] = [];
      for (const name of ["a", "b", "c"]) machines.push(await world.node(hub, name));
      const agents: { on: Machine; agent: TestAgent }[] = [];
      for (const on of machines) for (let index = 0; index < 2; index++) agents.push({ on, agent: await on.product.agent({ settings: { turnMs: 5, recordDelayMs: 20 } }) });
      let done = false;
      const troubles: string[] = [];
      const trouble = async (): Promise<void> => {
        for (;;) {
          if (done) return;
          const victim = machines[Math.floor(random() * machines.length)]!;
          const kind = random();
          if (kind < 0.5) {
            await world.namespaces.plug(victim.link, false);
            await new Promise((resolve) => void setTimeout(resolve, 200 + random() * 4_000));
            await world.namespaces.plug(victim.link, true);
            troubles.push(`link of ${victim.name}`);
          } else if (kind < 0.85) {
            victim.product.killDaemon();
            await ok(victim, ["up"]);
            troubles.push(`node of ${victim.name}`);
          } else {
            hub.product.killDaemon();
            await ok(hub, ["up"]);
            troubles.push("coordinator");
          }
          await new Promise((resolve) => void setTimeout(resolve, random() * 1_500));
        }
      };
      const troubling = trouble();
      const prompts = Array.from({ length: sends }, (_, index) => ({ ...agents[index % agents.length]!, key: `send-${index}`, prompt: `prompt number ${index}.` }));
      const last = new Map<string, string>();
      /** As a person would: the same key again, until it says delivered. */
      const deliver = async ({ on, agent, key, prompt }: (typeof prompts)[number]): Promise<void> => {
        for (let attempt = 0; attempt < 40; attempt++) {
          const { stdout, stderr } = await hub.product.dispatch(["send", "--to", `${on.name}/${agent.target}`, "--server", on.product.tmux.socket, "--key", key, "--json", "--timeout", "60s"], prompt);
          const { status, reason } = stdout.startsWith("{") ? (JSON.parse(stdout) as { status: string; reason: string | null }) : { status: "", reason: stderr };
          if (status === "delivered") return;
          last.set(key, `${status}: ${reason ?? ""}`);
          // It was refused, and nothing was typed: another key is another delivery, which that of a refusal never becomes.
          if (status === "refused") return deliver({ on, agent, key: `${key}+`, prompt });
          await new Promise((resolve) => void setTimeout(resolve, 300));
        }
        throw new Error(`${key}: ${last.get(key) ?? ""}`);
      };
      const queue = [...prompts];
      const worker = async (): Promise<void> => {
        for (let next = queue.shift(); next; next = queue.shift()) await deliver(next);
      };
      const ended = await Promise.allSettled([worker(), worker(), worker()]);
      done = true;
      await troubling;
      expect(ended.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []))).toEqual([]);
      expect(troubles.length).toBeGreaterThan(2);
      for (const { on, agent } of agents) {
        const wanted = prompts.filter((one) => one.agent === agent).map(({ prompt }) => prompt);
        await eventually(async () => (await agent.submitted()).length >= wanted.length, `the prompts of ${on.name}`, 10_000);
        expect((await agent.submitted()).toSorted()).toEqual(wanted.toSorted());
      }
      console.info(`${sends} sends, ${troubles.length} troubles`);
    }), 180_000 + sends * 3_000);
});
