import { beforeAll, describe, expect, it } from "vitest";
import { Product, type TestAgent } from "../testkit/product/product.js";
import type { DemoAgentSettings } from "../testkit/demo-agent/start-demo-agent.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

/** An agent in a turn that lasts until its settings change. */
async function busyAgent(settings: DemoAgentSettings = {}, of = product): Promise<TestAgent> {
  const agent = await of.agent({ settings: { ...settings, hold: true } });
  await of.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
  await agent.waitFor((event) => event.event === "submitted");
  return agent;
}

describe.concurrent("a busy agent", () => {
  it("is refused by default, and nothing is typed", async () => {
    const agent = await busyAgent();
    expect(await product.send(agent.target, "hello")).toMatchObject({ status: "refused", reason: "agent_busy", code: 3 });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("--steer is refused where the agent cannot", async () => {
    const agent = await busyAgent();
    expect(await product.send(agent.target, "hello", "--steer")).toMatchObject({ status: "refused", reason: "cannot_queue" });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("--queue: queued, then delivered; whoever asks again with the key is told so", async () => {
    const agent = await busyAgent();
    expect(await product.send(agent.target, "for later", "--queue", "--key", "later")).toMatchObject({ status: "queued", code: 0, evidence: { source: "screen" } });
    expect(await agent.submitted()).toEqual(["before"]);
    await agent.control({ turnMs: 5 });
    expect(await product.ended("later")).toMatchObject({ status: "delivered", evidence: { source: "record", exact: true } });
    expect(await product.send(agent.target, "for later", "--queue", "--key", "later")).toMatchObject({ status: "delivered", code: 0 });
    expect(await agent.submitted()).toEqual(["before", "for later"]);
    expect(await agent.input()).toMatchObject({ pastes: ["for later"], enters: 2 });
  });

  it("--queue --wait finished: waits through the queue for the answer", async () => {
    const agent = await busyAgent();
    const sending = product.sending(agent.target, "a question", "--queue", "--wait", "finished");
    await sending.saw("queued");
    await agent.control({ turnMs: 5, answer: "forty-two" });
    expect(await sending.outcome).toMatchObject({ status: "delivered", answer: "forty-two" });
  });

  it("--queue, and the agent drops it: withdrawn", async () => {
    const agent = await busyAgent();
    expect((await product.send(agent.target, "dropped", "--queue", "--key", "dropped")).status).toBe("queued");
    await agent.control({ dropQueued: true });
    expect(await product.ended("dropped")).toMatchObject({ status: "withdrawn", reason: "withdrawn" });
    expect(await product.send(agent.target, "dropped", "--queue", "--key", "dropped")).toMatchObject({ status: "withdrawn", code: 5 });
    expect(await agent.submitted()).toEqual(["before"]);
    expect((await agent.input()).pastes).toEqual(["dropped"]);
  });

  it("--queue, and a person takes it back into the composer: withdrawn, and not sent by us", async () => {
    const agent = await busyAgent();
    expect((await product.send(agent.target, "taken back", "--queue", "--key", "back")).status).toBe("queued");
    await product.tmux.run("send-keys", "-t", agent.paneId, "Up");
    expect(await product.ended("back")).toMatchObject({ status: "withdrawn" });
    expect(await agent.input()).toMatchObject({ pastes: ["taken back"], enters: 2 });
  });

  it("--queue, several: each is queued, and each is delivered in its turn", async () => {
    const agent = await busyAgent();
    const texts = ["one", "two", "three"];
    for (const text of texts) expect((await product.send(agent.target, text, "--queue", "--key", `several ${text}`)).status).toBe("queued");
    await agent.control({ turnMs: 5 });
    for (const text of texts) expect(await product.ended(`several ${text}`)).toMatchObject({ status: "delivered", evidence: { exact: true } });
    expect(await agent.submitted()).toEqual(["before", ...texts]);
  });

  it("--queue, and the agent merges its queue into one prompt: each is delivered as a part of it", async () => {
    const agent = await busyAgent({ mergeQueue: true });
    const texts = ["first part", "second part\n\nwith an empty line"];
    for (const text of texts) await product.send(agent.target, text, "--queue", "--key", text);
    await agent.control({ mergeQueue: true, turnMs: 5 });
    for (const text of texts) {
      expect(await product.ended(text)).toMatchObject({ status: "delivered", evidence: { source: "record", transformation: ["merged_with_other_prompts"] } });
    }
    expect(await agent.submitted()).toEqual(["before", texts.join("\n\n")]);
  });

  it("--queue to an idle agent is an ordinary send", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.target, "hello", "--queue")).toMatchObject({ status: "delivered" });
  });

  it("--when-idle: kept until the turn is over", async () => {
    const agent = await busyAgent();
    const sending = product.sending(agent.target, "hello", "--when-idle");
    await sending.saw("waiting");
    expect((await agent.input()).pastes).toEqual([]);
    await agent.control({ turnMs: 5 });
    expect(await sending.outcome).toMatchObject({ status: "delivered" });
  });

  it("--when-idle, and the time ends: expired, and nothing is typed", async () => {
    const agent = await busyAgent();
    expect(await product.send(agent.target, "hello", "--when-idle", "--timeout", "1s")).toMatchObject({ status: "expired", reason: "deadline_exceeded", code: 7 });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("--when-idle while another delivery is queued: both get in", async () => {
    const agent = await busyAgent();
    const waiting = product.sending(agent.target, "when idle", "--when-idle");
    await waiting.saw("waiting");
    expect((await product.send(agent.target, "queued", "--queue", "--key", "beside")).status).toBe("queued");
    await agent.control({ turnMs: 5 });
    expect((await waiting.outcome).status).toBe("delivered");
    expect((await product.ended("beside")).status).toBe("delivered");
    expect(await agent.submitted()).toEqual(["before", "queued", "when idle"]);
  });
});

it("--when-idle: in the order in which they were accepted, across kills of the background process", () =>
  Product.with({}, async (own) => {
    const agent = await busyAgent({}, own);
    const texts = ["one", "two", "three", "four"];
    for (const text of texts) {
      await own.send(agent.target, text, "--when-idle", "--wait", "accepted", "--key", text);
      if (text === "two") own.killDaemon();
    }
    own.killDaemon();
    expect((await own.show("four")).status).toBe("pending");
    await agent.control({ turnMs: 5 });
    for (const text of texts) expect((await own.ended(text)).status).toBe("delivered");
    expect(await agent.submitted()).toEqual(["before", ...texts]);
    expect((await agent.input()).pastes).toEqual(texts);
  }));

it("--when-idle for a month: a time that no timer holds, also after a kill", () =>
  Product.with({}, async (own) => {
    const agent = await busyAgent({}, own);
    const sending = own.sending(agent.target, "hello", "--when-idle", "--timeout", "30d");
    await sending.saw("waiting");
    own.killDaemon();
    await agent.control({ turnMs: 5 });
    expect(await sending.outcome).toMatchObject({ status: "delivered" });
  }));
