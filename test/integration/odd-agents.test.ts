import { beforeAll, describe, expect, it } from "vitest";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

const text = "first line\n\tsecond line, with a tab\n\nand \"the\" end";

describe.concurrent("an agent that is slow or does not hear", () => {
  it.each([1, 2, 3, 4, 5])("swallows %i keys: the key is pressed again, and the text goes in once", async (swallowEnters) => {
    const agent = await product.agent({ settings: { swallowEnters } });
    const outcome = await product.send(agent.target, text);
    expect(outcome).toMatchObject({ status: "delivered", evidence: { source: "record", exact: true } });
    expect(outcome.presses).toBeGreaterThan(swallowEnters);
    expect(await agent.input()).toEqual({ pastes: [text], keys: "\r".repeat(outcome.presses), enters: outcome.presses });
    expect(await agent.submitted()).toEqual([text]);
  });

  it("swallows every key: it is wedged, and the text stays in it unsent", async () => {
    const agent = await product.agent({ settings: { swallowEnters: 100 } });
    expect(await product.send(agent.target, text)).toMatchObject({ status: "failed", reason: "agent_wedged", code: 4 });
    expect((await agent.input()).pastes).toEqual([text]);
    expect(await agent.submitted()).toEqual([]);
  });

  it.each([100, 500, 1_500, 3_000])("shows a paste after %i ms: one paste, one key", async (echoDelayMs) => {
    const agent = await product.agent({ settings: { echoDelayMs } });
    expect(await product.send(agent.target, text)).toMatchObject({ status: "delivered", presses: 1 });
    expect(await agent.input()).toMatchObject({ pastes: [text], enters: 1 });
  });

  it.each([100, 1_000, 3_000])("records a prompt after %i ms: it is waited for, and nothing is pressed again", async (recordDelayMs) => {
    const agent = await product.agent({ settings: { recordDelayMs } });
    expect(await product.send(agent.target, text)).toMatchObject({ status: "delivered", presses: 1, evidence: { source: "record" } });
    expect(await agent.input()).toMatchObject({ pastes: [text], enters: 1 });
  });

  it("records it only after the time is over: unconfirmed, and delivered when it is asked for again", async () => {
    const agent = await product.agent({ settings: { noRecord: true } });
    const send = [agent.target, text, "--timeout", "5s", "--key", "late"] as const;
    expect(await product.send(...send)).toMatchObject({ status: "unconfirmed", reason: "no_proof", code: 4 });
    await agent.recordLate(text);
    expect(await product.send(...send)).toMatchObject({ status: "delivered", code: 0, evidence: { source: "record" } });
    expect(await agent.input()).toMatchObject({ pastes: [text], enters: 1 });
  });

  it("never records it: unconfirmed, never delivered and never failed", async () => {
    const agent = await product.agent({ settings: { noRecord: true } });
    expect(await product.send(agent.target, text, "--timeout", "5s")).toMatchObject({ status: "unconfirmed", reason: "no_proof" });
    expect(await agent.submitted()).toEqual([text]);
  });

  it("hangs: the paste never shows, so no key is pressed", async () => {
    const agent = await product.agent({ settings: { hang: false } });
    await agent.control({ hang: true });
    expect(await product.send(agent.target, text, "--timeout", "5s")).toMatchObject({ status: "unconfirmed", presses: 0, code: 4 });
    expect(await agent.input()).toMatchObject({ pastes: [text], enters: 0 });
  });

  it("hangs once it has shown the text: the key is pressed again, the text is not typed again", async () => {
    const agent = await product.agent({ settings: { echoDelayMs: 300 } });
    const sending = product.sending(agent.target, text, "--timeout", "6s");
    await sending.saw("typed");
    await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("first line"), "the text in the composer");
    await agent.control({ hang: true });
    expect((await sending.outcome).status).toMatch(/^(?:unconfirmed|delivered)$/);
    expect((await agent.input()).pastes).toEqual([text]);
  });

  it("folds a long paste into a marker: the marker's count is what is parked", async () => {
    const long = Array.from({ length: 40 }, (_, line) => `line ${line} of a long text`).join("\n");
    const agent = await product.agent();
    expect(await product.send(agent.target, long)).toMatchObject({ status: "delivered", evidence: { exact: true } });
    expect(await agent.submitted()).toEqual([long]);
  });

  it("takes 100 KB", async () => {
    const long = "0123456789 abcdefghijklmnopqrstuvwxyz äöü 漢字\n".repeat(2_000).trimEnd();
    const agent = await product.agent();
    expect(await product.send(agent.target, long)).toMatchObject({ status: "delivered", evidence: { exact: true } });
    expect(await agent.submitted()).toEqual([long]);
  });
});

describe.concurrent("an agent that asks", () => {
  it("a question that comes up with the paste is not answered", async () => {
    const agent = await product.agent({ settings: { dialogOn: "paste" } });
    expect(await product.send(agent.target, text)).toMatchObject({ status: "unconfirmed", reason: "dialog_open", presses: 0 });
    const events = (await agent.events()).map(({ event }) => event);
    expect(events).toContain("dialog-discarded");
    expect(events).not.toContain("dialog-answered");
    expect(await agent.input()).toMatchObject({ pastes: [text], enters: 0 });
  });

  it.each([[{ dialog: "Allow it?" }, "dialog_open"], [{ menu: true }, "menu_open"]])("%o: nothing is typed", async (settings, reason) => {
    const agent = await product.agent();
    await agent.control(settings);
    expect(await product.send(agent.target, text)).toMatchObject({ status: "refused", reason, code: 3 });
    expect(await agent.input()).toEqual({ pastes: [], keys: "", enters: 0 });
  });
});
