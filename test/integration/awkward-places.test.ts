import { beforeAll, describe, expect, it } from "vitest";
import { generatePrompts } from "../testkit/prompts/generate-prompt.js";
import { Product, type AgentRequest } from "../testkit/product/product.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

describe.concurrent("a target with an awkward name", () => {
  it.each<[string, AgentRequest, string]>([
    ["spaces", { session: "my work", window: "the agent" }, "my work:the agent"],
    ["quotes", { session: `it's "mine"`, window: `a 'b' "c" \`d\`` }, `it's "mine":a 'b' "c" \`d\``],
    ["Unicode", { session: "Überprüfung-漢字", window: "🚀 агент" }, "Überprüfung-漢字:🚀 агент"],
    ["dots and a pane", { session: "dots", window: "v1.2.3" }, "dots:v1.2.3.0"],
    // tmux makes one of each doubled sign in a new name.
    ["what tmux and shells expand", { session: "##{pane_id}", window: "##(false) %1 ; $(false) @2" }, "#{pane_id}:#(false) %1 ; $(false) @2"],
    ["a leading hyphen and an equals sign", { session: "=-x", window: "-t" }, "=-x:-t"],
  ])("%s", async (_what, place, target) => {
    const agent = await product.agent(place);
    expect(await product.send(target, "found you")).toMatchObject({ status: "delivered" });
    expect(await agent.submitted()).toEqual(["found you"]);
  });

  it("by pane id", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.paneId, "found you")).toMatchObject({ status: "delivered" });
    expect(await agent.submitted()).toEqual(["found you"]);
  });

  it("a prefix or another number is not found, and nothing is typed anywhere", async () => {
    const agent = await product.agent({ session: "workbench", window: "builder" });
    for (const target of ["workben", "workbench:build", "workbench:9", "workbench:builder.7", "%99999"]) {
      expect(await product.send(target, "lost"), target).toMatchObject({ status: "refused", reason: "not_found", code: 8 });
    }
    expect(await agent.input()).toEqual({ pastes: [], keys: "", enters: 0 });
  });

  it("wildcards fit whole names only; what fits none is told, and nothing is typed anywhere", async () => {
    const agent = await product.agent({ session: "wildbench", window: "builder" });
    for (const pattern of ["*ildbenc", "wildbench:b?ild", "wild*:9", "nothing*"]) {
      const ran = await product.dispatch(["send", "--server", product.tmux.socket, "--to", pattern, "--prompt", "lost"]);
      expect([ran.code, ran.stdout + ran.stderr], pattern).toEqual([1, "No target was found; nothing was typed.\n"]);
    }
    expect(await agent.input()).toEqual({ pastes: [], keys: "", enters: 0 });
    const ran = await product.dispatch(["send", "--server", product.tmux.socket, "--to", "wildb*:buil?er", "--prompt", "found you"]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("1 of 1: 1 delivered") as string });
    expect(await agent.submitted()).toEqual(["found you"]);
  });

  it("a name that two windows have is ambiguous", async () => {
    const agents = [await product.agent({ session: "twins", window: "same" }), await product.agent({ session: "twins", window: "same" })];
    expect(await product.send("twins:same", "who?")).toMatchObject({ status: "refused", reason: "ambiguous_target", code: 2 });
    for (const agent of agents) expect((await agent.input()).pastes).toEqual([]);
  });
});

describe.concurrent("a small pane", () => {
  it.each([
    [40, 24, true], [40, 10, false], [31, 11, false], [200, 12, false],
  ])("%i columns, %i rows, folding pastes %s: every prompt goes in whole and once", async (width, height, collapse) => {
    const agent = await product.agent({ width, height, session: `size${width}x${height}`, settings: { turnMs: 1, collapse } });
    const prompts = [...generatePrompts(width, 6)].map(({ text }) => text).filter((text) => text.length < 3_000);
    const sent: string[] = [];
    for (const text of prompts) {
      const outcome = await product.send(agent.target, text, "--timeout", "15s", "--when-idle");
      expect(outcome, `${JSON.stringify(text)} ${await product.tmux.screen(agent.paneId)}`).toMatchObject({ status: "delivered", evidence: { source: "record" } });
      sent.push(text);
      expect((await agent.input()).pastes).toHaveLength(sent.length);
      expect(await agent.submitted()).toHaveLength(sent.length);
    }
  });
});
