import { describe, expect, it } from "vitest";
import { SeededRandom } from "../testkit/prompts/seeded-random.js";
import { Product, type TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

/** More of them find rarer windows: DISPATCH_CHAOS_TRIALS=200 npm test -- test/chaos. */
const trials = Number(process.env["DISPATCH_CHAOS_TRIALS"] ?? 8);
const lanes = 2;

/** The instants are what is tested here, not what is waited for. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function trial(product: Product, agent: TestAgent, random: SeededRandom, name: string): Promise<void> {
  await agent.control({ turnMs: 10, echoDelayMs: random.integer(0, 80), recordDelayMs: random.integer(0, 80), swallowEnters: random.pick([0, 0, 1]) });
  const text = `${name}\nsecond line`;
  const send = [agent.target, text, "--key", name] as const;
  const first = product.sending(...send);
  if (random.chance(0.8)) await first.saw("accepted");
  await pause(random.integer(0, 250));
  first.child.kill("SIGKILL");
  product.killDaemon();
  for (let more = random.integer(0, 2); more > 0; more--) {
    const look = product.dispatch(["show", name]);
    await pause(random.integer(200, 900));
    product.killDaemon();
    await look;
  }
  const outcome = await product.send(...send);
  const input = await agent.input();
  const story = JSON.stringify([outcome, input, (await agent.events()).slice(-12)]);
  expect(outcome.status, story).toBe("delivered");
  expect(outcome.evidence?.source).toBe("record");
  expect(input.pastes.filter((paste) => paste === text), story).toHaveLength(1);
  expect((await agent.submitted()).filter((submitted) => submitted === text), story).toHaveLength(1);
  await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("  idle ·"), "the end of the turn");
}

describe.concurrent("the background process is killed at any instant, again and again", () => {
  it.each(Array.from({ length: lanes }, (_, lane) => lane))("every text goes in once, and is proven (lane %i)", (lane) =>
    Product.with({}, async (product) => {
      const agent = await product.agent();
      const random = new SeededRandom(lane + 1);
      const texts: string[] = [];
      for (let count = 0; count < trials / lanes; count++) {
        const name = `lane ${lane} trial ${count}`;
        await trial(product, agent, random, name);
        texts.push(`${name}\nsecond line`);
      }
      expect((await agent.input()).pastes).toEqual(texts);
      expect(await agent.submitted()).toEqual(texts);
    }), 60_000 + trials * 10_000);
});
