import { beforeAll, describe, expect, it } from "vitest";
import { Product, type TestAgent } from "../testkit/product/product.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** Every text went in as one paste and was submitted as it is, in whatever order. */
async function hasEach(agent: TestAgent, texts: readonly string[]): Promise<void> {
  expect([...(await agent.submitted())].sort()).toEqual([...texts].sort());
  const input = await agent.input();
  expect([...input.pastes].sort()).toEqual([...texts].sort());
  expect(input.keys).toBe("\r".repeat(texts.length));
}

describe.concurrent("many sends at once", () => {
  it("eight to one pane: one after the other, each whole and once", async () => {
    const agent = await product.agent({ settings: { turnMs: 5, echoDelayMs: 30 } });
    const texts = numbers(8).map((number) => `text ${number}\nof eight`);
    const outcomes = await Promise.all(texts.map((text) => product.send(agent.target, text, "--when-idle")));
    expect(outcomes.map(({ status, evidence }) => [status, evidence?.exact])).toEqual(texts.map(() => ["delivered", true]));
    await hasEach(agent, texts);
  });

  it("to four panes, the same text to each: every agent has it once, by its own record", async () => {
    const agents: TestAgent[] = [];
    for (const _ of numbers(4)) agents.push(await product.agent({ settings: { turnMs: 5, echoDelayMs: 30 } }));
    const outcomes = await Promise.all(agents.map((agent) => product.send(agent.target, "the same for all")));
    expect(outcomes.map(({ status }) => status)).toEqual(agents.map(() => "delivered"));
    for (const agent of agents) await hasEach(agent, ["the same for all"]);
  });

  it("five processes with one key: one paste, and one answer for all", async () => {
    const agent = await product.agent({ settings: { echoDelayMs: 100 } });
    const outcomes = await Promise.all(numbers(5).map(() => product.send(agent.target, "only once", "--key", "five")));
    expect(new Set(outcomes.map(({ id, status }) => `${id} ${status}`))).toEqual(new Set([`${outcomes[0]?.id} delivered`]));
    await hasEach(agent, ["only once"]);
  });

  it("one key for two texts: one of them is typed, the other is a conflict", async () => {
    const agent = await product.agent();
    const outcomes = await Promise.all(["one", "two"].map((text) => product.send(agent.target, text, "--key", "two texts")));
    expect(outcomes.map(({ status, reason, code }) => [status, reason, code]).sort()).toEqual([["delivered", null, 0], ["refused", "key_conflict", 10]]);
    expect((await agent.input()).pastes).toHaveLength(1);
  });
});

describe.concurrent("two background processes, with state folders of their own, on one tmux server", () => {
  it.each([0, 60, 300])("send to one pane, which shows a paste after %i ms: nothing is mixed, and each text goes in once", async (echoDelayMs) =>
    Product.with({ tmux: product.tmux }, async (other) => {
      const agent = await product.agent({ settings: { turnMs: 5, echoDelayMs } });
      const texts = numbers(6).map((number) => `text ${number} of two senders`);
      const outcomes = await Promise.all(texts.map((text, index) => (index % 2 === 0 ? product : other).send(agent.target, text, "--when-idle", "--timeout", "15s")));
      expect(outcomes.map(({ status }) => status), JSON.stringify([outcomes, await agent.events()])).toEqual(texts.map(() => "delivered"));
      await hasEach(agent, texts);
    }));
});
