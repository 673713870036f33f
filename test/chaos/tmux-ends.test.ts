import { describe, expect, it } from "vitest";
import { Product, type TestAgent } from "../testkit/product/product.js";
import type { DemoAgentSettings } from "../testkit/demo-agent/start-demo-agent.js";

const ends: readonly (readonly [string, (product: Product) => Promise<unknown>])[] = [
  ["ended", (product) => product.tmux.run("kill-server")],
  ["killed", async (product) => process.kill(Number(await product.tmux.run("display-message", "-p", "#{pid}")), "SIGKILL")],
];


describe.concurrent.each(ends)("the tmux server is %s", (_how, end) => {
  const during = (step: string, settings: DemoAgentSettings, flags: readonly string[], check: (outcome: Awaited<ReturnType<Product["send"]>>, agent: TestAgent) => Promise<void>) =>
    Product.with({}, async (product) => {
      const agent = await product.agent({ settings });
      if (settings.hold) await product.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
      const sending = product.sending(agent.target, "hello", "--key", "k", ...flags);
      await sending.saw(step);
      await end(product);
      await check(await sending.outcome, agent);
      // The background process lives, and finds a server that is there again.
      const daemons = product.daemons();
      const again = await product.agent();
      expect(await product.send(again.target, "hello again")).toMatchObject({ status: "delivered" });
      expect(product.daemons()).toEqual(daemons);
    });

  it("while the agent is waited for: refused, and nothing was typed", () => during("waiting", { hold: true }, ["--when-idle"], async (outcome, agent) => {
    expect(outcome).toMatchObject({ status: "refused", reason: "tmux_lost", code: 9 });
    expect((await agent.input()).pastes).toEqual([]);
  }));

  it("after the paste: unconfirmed at once", () => during("typed", { echoDelayMs: 60_000 }, [], async (outcome) => {
    expect(outcome).toMatchObject({ status: "unconfirmed", reason: "tmux_lost", presses: 0, code: 4 });
  }));

  it("after the key: unconfirmed at once where the record does not hold the text", () => during("submitted", { recordDelayMs: 60_000 }, [], async (outcome) => {
    expect(outcome).toMatchObject({ status: "unconfirmed", presses: 1 });
  }));
});
