import { appendFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Product, type TestAgent } from "../testkit/product/product.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

interface Ran { readonly code: number | null; readonly stdout: string; readonly stderr: string }
const read = (target: string, ...flags: string[]): Promise<Ran> => product.dispatch(["capture", "--server", product.tmux.socket, "--to", target, "--messages", ...flags]);

async function said(target: string, ...flags: string[]): Promise<string[]> {
  const { stdout, stderr, code } = await read(target, "--json", ...flags);
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { messages: { speaker: string; text: string }[] }).messages.map(({ speaker, text }) => `${speaker}: ${text}`);
}

async function recordOf(agent: TestAgent): Promise<string> {
  const folder = join(agent.home, ".demo-agent/sessions");
  const [name = ""] = await readdir(folder);
  return join(folder, name);
}

describe("the conversation of an agent", () => {
  it("is not known before something was proven in it, and then it is: of this agent, not of its neighbour", async () => {
    const [one, two] = [await product.agent(), await product.agent()];
    const before = await read(one.target);
    expect([before.code, before.stdout]).toEqual([3, ""]);
    expect(before.stderr).toMatch(/not known yet which record is this agent's.*dispatch capture/su);
    await product.send(one.target, "for one", "--wait", "finished");
    await product.send(two.target, "for two", "--wait", "finished");
    expect((await said(one.target))[0]).toBe("user: for one");
    expect((await said(two.target)).filter((line) => line.startsWith("user"))).toEqual(["user: for two"]);
    expect((await read(one.target)).stdout).toMatch(/^user\nfor one\n\nagent\n/u);
  });

  it("holds what a person said too, also after the background process was killed", async () => {
    const agent = await product.agent();
    await product.send(agent.target, "by dispatch", "--wait", "finished");
    await product.tmux.run("send-keys", "-t", agent.paneId, "by hand", "Enter");
    await agent.waitFor(({ event, text }) => event === "submitted" && text === "by hand");
    expect(product.killDaemon()).toBe(true);
    expect((await said(agent.target)).filter((line) => line.startsWith("user"))).toEqual(["user: by dispatch", "user: by hand"]);
  });

  it("passes over what is no message, and a line that is still being written", async () => {
    const agent = await product.agent();
    await product.send(agent.target, "hello", "--wait", "finished");
    await appendFile(await recordOf(agent), `nonsense\n{"type":"user"}\n{"type":"user","text":7}\n{"type":"user","text":"secret is token=abcdef987654"}\n{"type":"user","te`);
    const lines = await said(agent.target, "--limit", "1");
    expect(lines).toEqual(["user: secret is token=<redacted:secret>"]);
  });

  it("a record that cannot be read is refused, with the system's reason", async () => {
    const agent = await product.agent();
    await product.send(agent.target, "hello", "--wait", "finished");
    const record = await recordOf(agent);
    await rm(record);
    await mkdir(record);
    const ran = await read(agent.target);
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining("EISDIR")]);
  });

  it("there is none in a shell, in a pane that is not there, nor in one that has ended", async () => {
    await product.tmux.run("new-window", "-d", "-t", "work:", "-n", "shell", "bash --norc");
    const shell = await read("work:shell");
    expect([shell.code, shell.stdout]).toEqual([3, ""]);
    expect(shell.stderr).toContain("runs no agent");
    expect((await read("nowhere:0")).code).toBe(8);
  });
});
