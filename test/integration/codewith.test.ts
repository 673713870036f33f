import { expect, it } from "vitest";
import { startCodewith } from "../testkit/codewith-agent/start-codewith.js";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

interface Shown {
  readonly detection: { agentKind: string; state: string; agentVersion: string; submitKeys: string[]; recommendedSubmitKey: string; canQueuePrompt: boolean; actionNeeded: string; activity: string };
}

async function detect(product: Product, target: string): Promise<Shown["detection"]> {
  const { stdout } = await product.dispatch(["targets", target, "--server", product.tmux.socket, "--json"]);
  return (JSON.parse(stdout) as Shown).detection;
}

it("an idle one takes a prompt, proven by its rollout", () =>
  Product.with({}, async (product) => {
    const agent = await startCodewith(product, { turnMs: 20 });
    expect(await detect(product, agent.target)).toMatchObject({ agentKind: "codewith", agentVersion: "1.2.3", state: "idle", recommendedSubmitKey: "Enter", actionNeeded: "" });
    expect(await product.send(agent.target, "first line\nsecond line")).toMatchObject({ status: "delivered", evidence: { source: "record", exact: true } });
    expect(await agent.submitted()).toEqual(["first line\nsecond line"]);
  }));

it("a busy one is refused; --queue presses Tab, and the prompt is delivered when its turn comes", () =>
  Product.with({}, async (product) => {
    const agent = await startCodewith(product, { hold: true });
    await product.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
    await agent.waitFor("submitted");
    expect(await detect(product, agent.target)).toMatchObject({ state: "busy", canQueuePrompt: true, recommendedSubmitKey: "Tab" });
    expect(await product.send(agent.target, "not now")).toMatchObject({ status: "refused", reason: "agent_busy" });
    expect(await product.send(agent.target, "in a moment", "--queue", "--key", "q")).toMatchObject({ status: "queued", reason: null, code: 0 });
    expect(await agent.input()).toMatchObject({ pastes: ["in a moment"], keys: "before\r\t", enters: 1 });
    await agent.control({ turnMs: 20 });
    expect(await product.ended("q")).toMatchObject({ status: "delivered", evidence: { source: "record" } });
    expect(await agent.submitted()).toEqual(["before", "in a moment"]);
  }));

it("queued behind an account switch: a person must act, and it says so; afterwards it is delivered, once", () =>
  Product.with({}, async (product) => {
    const agent = await startCodewith(product, { hold: true, accountLimit: true });
    await product.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
    await agent.waitFor("submitted");
    await product.send(agent.target, "in a moment", "--queue", "--key", "q");
    const told = await eventually(async () => {
      const shown = await product.show("q");
      return shown.reason === "action_needed" && shown;
    }, "the notice to be told");
    expect(told).toMatchObject({ status: "queued", actionNeeded: true, authSwitchDetected: true });
    expect(told.detail).toContain("its account is at its limit or is being switched");
    expect(await detect(product, agent.target)).toMatchObject({ state: "queued", actionNeeded: "its account is at its limit or is being switched" });
    expect(await product.send(agent.target, "in a moment", "--queue", "--key", "q")).toMatchObject({ status: "queued", reason: "action_needed", code: 4 });
    // Nothing more was pressed: the notice is a person's.
    expect((await agent.input()).keys).toBe("before\r\t");
    await agent.control({ turnMs: 20, accountLimit: true });
    await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("• done"), "the turn to end");
    expect(await product.show("q")).toMatchObject({ status: "queued", reason: "action_needed" });
    await agent.control({ turnMs: 20 });
    expect(await product.ended("q")).toMatchObject({ status: "delivered", reason: null, actionNeeded: false });
    expect(await agent.submitted()).toEqual(["before", "in a moment"]);
  }));

it("--goal: said once as a command, and busy until the goal is achieved", () =>
  Product.with({}, async (product) => {
    const agent = await startCodewith(product, { hold: true });
    expect(await product.send(agent.target, "make it green", "--goal")).toMatchObject({ status: "delivered", evidence: { source: "screen" } });
    expect((await agent.input()).pastes).toEqual(["/goal make it green"]);
    expect(await detect(product, agent.target)).toMatchObject({ state: "busy", activity: "pursues a goal" });
    expect(await product.send(agent.target, "not now")).toMatchObject({ status: "refused", reason: "agent_busy" });
    await agent.control({ turnMs: 20 });
    await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("Goal achieved"), "the goal to be achieved");
    expect(await detect(product, agent.target)).toMatchObject({ state: "idle" });
    expect(await product.send(agent.target, "/goal and again", "--goal")).toMatchObject({ status: "delivered" });
    expect((await agent.input()).pastes).toEqual(["/goal make it green", "/goal and again"]);
  }));
