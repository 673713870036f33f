import { describe, expect, it } from "vitest";
import { Product, type Outcome, type TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";
import type { DemoAgentSettings } from "../testkit/demo-agent/start-demo-agent.js";

/** A step, and what keeps the delivery there long enough to be killed in it. */
interface Scene {
  readonly step: string;
  readonly settings: DemoAgentSettings;
  readonly flags?: readonly string[];
  /** A turn that runs when we come, and ends after the kill. */
  readonly busy?: boolean;
  /** Keys that it takes. */
  readonly enters: number;
}

const scenes: readonly Scene[] = [
  { step: "accepted", settings: {}, enters: 1 },
  { step: "waiting", settings: {}, flags: ["--when-idle"], busy: true, enters: 1 },
  { step: "typed", settings: { echoDelayMs: 600 }, enters: 1 },
  { step: "parked", settings: {}, enters: 1 },
  { step: "submitted", settings: { recordDelayMs: 600 }, enters: 1 },
  { step: "submitted", settings: { swallowEnters: 1 }, enters: 2 },
  { step: "queued", settings: {}, flags: ["--queue"], busy: true, enters: 1 },
];

/** What brings the background process back, and tells how it ended. */
const comebacks: Record<string, (product: Product, again: () => Promise<Outcome>, key: string) => Promise<Outcome>> = {
  "the same command again": async (product, again, key) => {
    const told = await again();
    if (told.status === "queued") return product.ended(key);
    expect(told, `${told.status} ${told.reason ?? ""}: ${told.detail}`).toMatchObject({ status: "delivered" });
    return product.show(key);
  },
  "a look at the delivery": (product, _again, key) => product.ended(key),
};

async function makeBusy(product: Product, agent: TestAgent): Promise<void> {
  await product.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
  await agent.waitFor((event) => event.event === "submitted");
}

describe.concurrent("the background process is killed", () => {
  for (const [comeback, come] of Object.entries(comebacks)) {
    it.each(scenes)(`at $step $settings, then ${comeback}: the agent has the text once`, ({ step, settings, flags = [], busy, enters }) =>
      Product.with({ keyDelayMs: step === "parked" ? 600 : 0 }, async (product) => {
        const agent = await product.agent({ settings: { turnMs: 20, ...settings, ...(busy && { hold: true }) } });
        if (busy) await makeBusy(product, agent);
        const text = `killed at ${step}\nand told about it ${Math.random()}`;
        const [before, send] = [await agent.input(), [agent.target, text, "--key", "k", ...flags] as const];
        const first = product.sending(...send);
        await first.saw(step);
        expect(product.killDaemon()).toBe(true);
        first.child.kill("SIGKILL");
        const coming = come(product, () => product.send(...send), "k");
        if (busy) {
          // It must come back while the turn still runs: that may take hours.
          await eventually(async () => (await product.dispatch(["daemon", "status"])).stdout.includes("healthy"), "the background process to answer", 15_000);
          await agent.control({ turnMs: 20 });
        }
        const outcome = await coming;
        expect(outcome).toMatchObject({ status: "delivered", evidence: { source: "record" } });
        const input = await agent.input();
        expect(input.pastes).toEqual([text]);
        // On a slow machine the key may be pressed once more than need be; what is told is what was pressed.
        expect(input.enters - before.enters).toBe(outcome.presses);
        expect(outcome.presses).toBeGreaterThanOrEqual(enters);
        expect((await agent.submitted()).slice(busy ? 1 : 0)).toEqual([text]);
      }));
  }

  it("and whoever waits for the delivery gets its end all the same", () =>
    Product.with({}, async (product) => {
      const agent = await product.agent({ settings: { turnMs: 20, recordDelayMs: 600 } });
      const sending = product.sending(agent.target, "hello there", "--key", "k");
      await sending.saw("submitted");
      product.killDaemon();
      expect(await sending.outcome).toMatchObject({ status: "delivered", code: 0 });
      expect((await agent.input()).pastes).toEqual(["hello there"]);
    }));

  it("while the turn runs that is waited for: the answer comes all the same", () =>
    Product.with({}, async (product) => {
      const agent = await product.agent({ settings: { hold: true } });
      const send = [agent.target, "what is it?", "--key", "k", "--wait", "finished"] as const;
      const first = product.sending(...send);
      await first.saw("working");
      product.killDaemon();
      first.child.kill("SIGKILL");
      const again = product.sending(...send);
      await again.saw("working");
      await agent.control({ turnMs: 20, answer: "forty-two" });
      const outcome = await again.outcome;
      expect(outcome).toMatchObject({ status: "delivered", answer: "forty-two" });
      expect(outcome.steps.map(({ step }) => step)).toEqual(["accepted", "typed", "parked", "submitted", "delivered", "working", "finished"]);
      expect((await agent.input()).pastes).toEqual(["what is it?"]);
    }));

  it("while the turn runs that is waited for, and the agent ends too: delivered stays delivered", () =>
    Product.with({}, async (product) => {
      const agent = await product.agent({ settings: { hold: true } });
      const first = product.sending(agent.target, "what is it?", "--key", "k", "--wait", "finished", "--timeout", "5s");
      await first.saw("working");
      product.killDaemon();
      first.child.kill("SIGKILL");
      await product.tmux.run("kill-pane", "-t", agent.paneId);
      expect(await product.show("k")).toMatchObject({ status: "delivered", evidence: { source: "record" } });
      expect(await product.send(agent.target, "what is it?", "--key", "k", "--wait", "finished")).toMatchObject({ status: "delivered", answer: null });
    }));
});
