import { beforeAll, describe, expect, it } from "vitest";
import { Product, type TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create({ keyDelayMs: 300 });
});

const keys = (agent: TestAgent, ...args: string[]): Promise<string> => product.tmux.run("send-keys", "-t", agent.paneId, ...args);
const shows = (agent: TestAgent, text: string): Promise<unknown> => eventually(async () => (await product.tmux.screen(agent.paneId)).includes(text), `${text} on the screen`);
const isInMode = async (agent: TestAgent): Promise<boolean> => (await product.tmux.pane(agent.paneId, "#{pane_in_mode}")) === "1";

async function agentWithDraft(): Promise<TestAgent> {
  const agent = await product.agent();
  await keys(agent, "-l", "half a thought");
  await shows(agent, "› half a thought");
  return agent;
}

describe.concurrent("a draft", () => {
  it.each([["refuse"], ["wait"]])("--on-draft %s: refused, and the draft stays as it is", async (onDraft) => {
    const agent = await agentWithDraft();
    expect(await product.send(agent.target, "hello", "--on-draft", onDraft)).toMatchObject({ status: "refused", reason: "draft_present", code: 3 });
    expect(await agent.input()).toEqual({ pastes: [], keys: "half a thought", enters: 0 });
    await shows(agent, "› half a thought");
  });

  it("that its writer sends is waited for", async () => {
    const agent = await agentWithDraft();
    await agent.control({ turnMs: 5 });
    const sending = product.sending(agent.target, "hello", "--when-idle");
    await sending.saw("waiting");
    await keys(agent, "Enter");
    expect(await sending.outcome).toMatchObject({ status: "delivered" });
    expect(await agent.submitted()).toEqual(["half a thought", "hello"]);
  });

  it("--on-draft stash is refused where the agent cannot", async () => {
    const agent = await agentWithDraft();
    expect(await product.send(agent.target, "hello", "--on-draft", "stash")).toMatchObject({ status: "refused", reason: "cannot_queue" });
    expect((await agent.input()).pastes).toEqual([]);
  });
});

describe.concurrent("copy mode", () => {
  it("is left before the text is typed", async () => {
    const agent = await product.agent();
    await product.tmux.run("copy-mode", "-t", agent.paneId);
    expect(await product.send(agent.target, "hello")).toMatchObject({ status: "delivered", presses: 1 });
    expect(await agent.input()).toMatchObject({ pastes: ["hello"], enters: 1 });
    expect(await isInMode(agent)).toBe(false);
  });

  it("entered between paste and key is left, and the key is pressed once", async () => {
    const agent = await product.agent();
    const sending = product.sending(agent.target, "hello");
    await sending.saw("parked");
    await product.tmux.run("copy-mode", "-t", agent.paneId);
    expect(await sending.outcome).toMatchObject({ status: "delivered", presses: 1 });
    expect(await agent.input()).toMatchObject({ pastes: ["hello"], enters: 1 });
  });
});

describe.concurrent("what is no agent to type into", () => {
  it("a shell", async () => {
    const { paneId } = await product.tmux.open({ session: "work", window: "shell", cwd: product.dir, width: 100, height: 20, command: ["env", "PS1=ready$ ", "bash", "--norc", "--noprofile", "-i"] });
    await eventually(async () => (await product.tmux.screen(paneId)).includes("ready$"), "the shell");
    expect(await product.send("work:shell", "touch harmed")).toMatchObject({ status: "refused", reason: "is_shell" });
    expect(await product.tmux.screen(paneId)).not.toContain("harmed");
  });

  it("another program", async () => {
    const { paneId } = await product.tmux.open({ session: "work", window: "cat", cwd: product.dir, width: 100, height: 20, command: ["cat"] });
    expect(await product.send("work:cat", "hello")).toMatchObject({ status: "refused", reason: "not_an_agent" });
    expect(await product.tmux.screen(paneId)).not.toContain("hello");
  });

  it("an agent that is suspended, with its shell in front", async () => {
    const agent = await product.agent({ fromShell: true });
    process.kill(product.processOf(agent), "SIGSTOP");
    await eventually(async () => (await product.tmux.pane(agent.paneId, "#{pane_current_command}")) === "bash", "the shell to have the pane back");
    expect(await product.send(agent.target, "touch harmed")).toMatchObject({ status: "refused", reason: "is_shell" });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("panes that share their input: keys would answer the others, so nothing is typed", async () => {
    const agent = await product.agent({ window: "shared" });
    await product.tmux.run("split-window", "-d", "-t", agent.paneId, "cat");
    await product.tmux.run("set-option", "-w", "-t", agent.paneId, "synchronize-panes", "on");
    expect(await product.send(agent.paneId, "hello")).toMatchObject({ status: "refused", reason: "pane_input_blocked", code: 3 });
    expect(await agent.input()).toEqual({ pastes: [], keys: "", enters: 0 });
  });
});

describe.concurrent("what was asked for", () => {
  it("--no-submit: typed and left there, and the next one does not touch it", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.target, "not yet", "--no-submit")).toMatchObject({ status: "typed", presses: 0, code: 0 });
    expect(await product.send(agent.target, "another", "--on-draft", "refuse")).toMatchObject({ status: "refused", reason: "draft_present" });
    expect(await agent.input()).toMatchObject({ pastes: ["not yet"], enters: 0 });
    await shows(agent, "› not yet");
  });

  it("--dry-run: nothing is typed, and the key is still free", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.target, "hello", "--dry-run", "--key", "dry")).toMatchObject({ status: "dry_run", code: 0 });
    expect(await agent.input()).toEqual({ pastes: [], keys: "", enters: 0 });
    expect(await product.send(agent.target, "hello", "--key", "dry")).toMatchObject({ status: "delivered" });
  });

  it("--strict: a text that would have to be changed is refused; without it the changes are named", async () => {
    const agent = await product.agent({ settings: { turnMs: 5 } });
    const text = "one\r\ntwo\u001B[201~\u0003three";
    expect(await product.send(agent.target, text, "--strict")).toMatchObject({ status: "refused", reason: "would_change_text" });
    expect((await agent.input()).pastes).toEqual([]);
    expect(await product.send(agent.target, text)).toMatchObject({
      status: "delivered", evidence: { exact: false, transformation: ["line_ends_to_lf", "escape_sequences_removed", "control_characters_removed"] },
    });
    expect(await agent.submitted()).toEqual(["one\ntwothree"]);
  });

  it("--command: the composer took it, and no more is claimed", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.target, "/clear", "--command")).toMatchObject({ status: "delivered", evidence: { source: "screen", exact: false } });
    expect(await agent.input()).toMatchObject({ pastes: ["/clear"], enters: 1 });
    expect((await agent.record()).filter((line) => line.type === "session")).toHaveLength(2);
  });

  it("a session that was cleared in between has a new record, and the text is found in it", async () => {
    const agent = await product.agent({ settings: { turnMs: 5 } });
    expect((await product.send(agent.target, "the same words")).status).toBe("delivered");
    await product.send(agent.target, "/clear", "--command");
    expect(await product.send(agent.target, "the same words")).toMatchObject({ status: "delivered", evidence: { source: "record", exact: true } });
    expect(await agent.submitted()).toEqual(["the same words", "the same words"]);
  });
});
