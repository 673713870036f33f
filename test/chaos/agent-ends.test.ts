import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { SeededRandom } from "../testkit/prompts/seeded-random.js";
import { Product, type TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

/** What a shell would do with the text, if it ever got it as a command. */
const harmful = "touch ~/harmed\ntouch ~/harmed";
const tmux = (...args: string[]): Promise<string> => product.tmux.run(...args);
const typed = "typed";

const hasShellBack = (agent: TestAgent): Promise<unknown> =>
  eventually(async () => (await product.tmux.pane(agent.paneId, "#{pane_current_command}")) === "bash", "the shell to have the pane back");
const quit = (agent: TestAgent): Promise<string> => tmux("send-keys", "-t", agent.paneId, "C-c", "C-c");

/** Runs a command in the shell to know that it has read all that came before, then looks for the harm. */
async function shellRanNothing(agent: TestAgent): Promise<void> {
  await hasShellBack(agent);
  await tmux("send-keys", "-t", agent.paneId, "C-c");
  await tmux("send-keys", "-t", agent.paneId, "-l", "history > ~/history; touch ~/asked\n");
  await eventually(() => existsSync(join(agent.home, "asked")), "the shell to answer");
  expect(existsSync(join(agent.home, "harmed"))).toBe(false);
  expect(readFileSync(join(agent.home, "history"), "utf8")).not.toContain("harmed");
}

describe.concurrent("an agent that ends in the middle of a send", () => {
  it.each([["paste", 0], ["enter", 1]] as const)("on %s: the shell that gets its pane back runs nothing", async (exitOn, enters) => {
    const agent = await product.agent({ fromShell: true, settings: { exitOn } });
    const outcome = await product.send(agent.target, harmful);
    expect(outcome).toMatchObject({ status: "unconfirmed", code: 4, presses: enters });
    expect(await agent.input()).toMatchObject({ pastes: [harmful], enters });
    await shellRanNothing(agent);
  });

  it("between typed and shown, with another one started in its place: that one gets neither text nor key", async () => {
    const agent = await product.agent({ fromShell: true, settings: { echoDelayMs: 60_000 } });
    const sending = product.sending(agent.target, harmful);
    await sending.saw(typed);
    const before = await agent.input();
    process.kill(product.processOf(agent), "SIGKILL");
    await hasShellBack(agent);
    await agent.startAgain();
    expect(await sending.outcome).toMatchObject({ status: "unconfirmed", reason: "pane_changed", presses: 0 });
    expect(await agent.input()).toEqual(before);
  });

  it("while it is waited for: the shell in its place is refused", async () => {
    const agent = await product.agent({ fromShell: true, settings: { hold: true } });
    await tmux("send-keys", "-t", agent.paneId, "before", "Enter");
    const sending = product.sending(agent.target, harmful, "--when-idle");
    await sending.saw("waiting");
    await quit(agent);
    // For an instant nobody has the terminal.
    expect(await sending.outcome).toMatchObject({ status: "refused", reason: expect.stringMatching(/^(?:is_shell|not_an_agent)$/), code: 3 });
    await shellRanNothing(agent);
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("killed at random instants: the shell runs nothing, and no more is claimed than is so", async () => {
    const random = new SeededRandom(20);
    const agent = await product.agent({ fromShell: true, settings: { turnMs: 10, echoDelayMs: 20, recordDelayMs: 20 } });
    for (let trial = 0; trial < 6; trial++) {
      const text = `${harmful} # ${trial}`;
      const sending = product.sending(agent.target, text, "--timeout", "8s");
      await sending.saw("accepted");
      await new Promise((resolve) => void setTimeout(resolve, random.integer(0, 200)));
      process.kill(product.processOf(agent), "SIGKILL");
      const outcome = await sending.outcome;
      const recorded = (await agent.record()).filter((line) => line.type === "user" && line.text === text).length;
      const { pastes } = await agent.input();
      expect([outcome.status, outcome.reason, pastes.includes(text), recorded], JSON.stringify(outcome)).toSatisfy(truthful);
      await shellRanNothing(agent);
      await agent.startAgain();
    }
  });
});

function truthful([status, , pasted, recorded]: [string, string, boolean, number]): boolean {
  if (status === "delivered") return recorded === 1;
  return status === "refused" || status === "expired" ? !pasted : status === "unconfirmed";
}

describe.concurrent("a pane that goes", () => {
  it.each([
    ["is killed", (agent: TestAgent) => tmux("kill-pane", "-t", agent.paneId)],
    ["gets another program", (agent: TestAgent) => tmux("respawn-pane", "-k", "-t", agent.paneId, "cat")],
  ])("%s after the paste: unconfirmed at once", async (_what, go) => {
    const agent = await product.agent({ settings: { echoDelayMs: 60_000 } });
    const sending = product.sending(agent.target, harmful);
    await sending.saw(typed);
    await go(agent);
    expect(await sending.outcome).toMatchObject({ status: "unconfirmed", code: 4, presses: 0 });
  });

  it.each([
    ["is killed", (agent: TestAgent) => tmux("kill-pane", "-t", agent.paneId), "not_found"],
    ["gets another program", (agent: TestAgent) => tmux("respawn-pane", "-k", "-t", agent.paneId, "cat"), "pane_changed"],
  ])("%s while it is waited for: refused, and nothing was typed", async (_what, go, reason) => {
    const agent = await product.agent({ settings: { hold: true } });
    await tmux("send-keys", "-t", agent.paneId, "before", "Enter");
    const sending = product.sending(agent.target, harmful, "--when-idle");
    await sending.saw("waiting");
    await go(agent);
    expect(await sending.outcome).toMatchObject({ status: "refused", reason });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("a pane whose program has ended, and is kept: refused", async () => {
    const agent = await product.agent();
    await quit(agent);
    await eventually(async () => (await product.tmux.pane(agent.paneId, "#{pane_dead}")) === "1", "the end of the agent");
    expect(await product.send(agent.target, harmful)).toMatchObject({ status: "refused", reason: "pane_dead" });
    expect(await tmux("list-sessions", "-F", "#{session_name}")).toBe("work");
  });
});
