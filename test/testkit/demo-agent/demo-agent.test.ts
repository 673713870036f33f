import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TestTmux } from "../real-agents/tmux-server.js";
import { startDemoAgent, type DemoAgent } from "./start-demo-agent.js";

let root: string;
let tmux: TestTmux;
let agent: DemoAgent;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "demo-agent-"));
  tmux = new TestTmux(join(root, "tmux.sock"));
});
afterEach(() => agent.stop());
afterAll(async () => {
  await tmux.kill();
  await rm(root, { recursive: true });
});

const start = async (settings = {}) => { agent = await startDemoAgent({ socket: tmux.socket, session: "t", dir: join(root, `a${++count}`), settings }); };
const enter = () => tmux.run("send-keys", "-t", agent.paneId, "Enter");
async function paste(text: string): Promise<void> {
  await tmux.run("set-buffer", "-b", "p", text, ";", "paste-buffer", "-p", "-d", "-b", "p", "-t", agent.paneId);
}
const userTexts = async () => (await agent.record()).filter((line) => line.type === "user").map((line) => line.text);

describe("the demo agent", () => {
  it("records a pasted prompt byte for byte and answers it", async () => {
    await start({ turnMs: 10 });
    const text = `one\ttab\ntwo é 漢字 👩‍👩‍👧\n${"many lines\n".repeat(50)}end`;
    await paste(text);
    await enter();
    await agent.waitFor((event) => event.event === "submitted");
    expect(await userTexts()).toEqual([text]);
    expect((await agent.received()).toString()).toBe(`\u001b[200~${text.replaceAll("\n", "\r")}\u001b[201~\r`);
    await expect.poll(async () => (await agent.record()).at(-1)?.type).toBe("assistant");
  });

  it("swallows as many submit keys as it is told", async () => {
    await start({ swallowEnters: 2 });
    await paste("hello");
    for (let press = 0; press < 3; press++) await enter();
    await agent.waitFor((event) => event.event === "submitted");
    expect((await agent.events()).filter((event) => event.event === "enter-swallowed")).toHaveLength(2);
    expect(await userTexts()).toEqual(["hello"]);
  });

  it("queues while busy, and forgets the queue when told", async () => {
    await start({ hold: true });
    for (const text of ["first", "second"]) {
      await paste(text);
      await enter();
    }
    await agent.waitFor((event) => event.event === "queued");
    expect(await userTexts()).toEqual(["first"]);
    await agent.control({ dropQueued: true });
    await agent.waitFor((event) => event.event === "dropped");
    expect(await userTexts()).toEqual(["first"]);
  });

  it("throws a paste away when a dialog is open, and takes the key as its answer", async () => {
    await start({ dialog: "Allow it?" });
    await paste("hello");
    await enter();
    await agent.waitFor((event) => event.event === "dialog-answered");
    expect((await agent.events()).map((event) => event.event)).not.toContain("submitted");
  });

  it("ends in the middle of a send when told", async () => {
    await start({ exitOn: "paste" });
    await paste("hello");
    await agent.waitFor((event) => event.event === "exit");
    await expect.poll(() => tmux.pane(agent.paneId, "#{pane_dead}")).toBe("1");
  });
});
