import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

interface Report {
  readonly status: string;
  readonly requested: number;
  readonly delivered: number;
  readonly skipped: number;
  readonly failed: number;
  readonly records: readonly { target: string; status: string; reason: string | null }[];
}

async function bulk(prompt: string, ...flags: string[]): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await product.dispatch(["send", "--server", product.tmux.socket, "--json", ...flags], prompt);
  if (!stdout.startsWith("{")) throw new Error(`no report (exit ${code}): ${stderr}`);
  return { ...(JSON.parse(stdout) as Report), code };
}

describe("one prompt for many", () => {
  it("goes to each, once; one bad target stops nobody", async () => {
    const [one, two] = [await product.agent(), await product.agent()];
    const report = await bulk("hello all", "--to", `${one.target}, ${two.target},nowhere:0,${one.target}`);
    expect(report).toMatchObject({ status: "failed", requested: 3, delivered: 2, skipped: 1, failed: 0, code: 1 });
    expect(report.records.find(({ target }) => target === "nowhere:0")).toMatchObject({ status: "refused", reason: "not_found" });
    for (const agent of [one, two]) expect(await agent.submitted()).toEqual(["hello all"]);
  });

  it("the same key again types into nobody twice, and into who was missed", async () => {
    const [one, two] = [await product.agent(), await product.agent({ settings: { hold: true } })];
    await product.tmux.run("send-keys", "-t", two.paneId, "before", "Enter");
    await two.waitFor(({ event }) => event === "submitted");
    const to = ["--to", `${one.target},${two.target}`, "--key", "twice"];
    expect(await bulk("hello again", ...to)).toMatchObject({ delivered: 1, skipped: 1 });
    expect(await bulk("hello again", ...to)).toMatchObject({ delivered: 1, skipped: 1 });
    expect(await one.submitted()).toEqual(["hello again"]);
  });

  it("--select: the panes that fit, and no others", async () => {
    const [one, two] = [await product.agent({ session: "rel-1" }), await product.agent({ session: "rel-2" })];
    const other = await product.agent({ session: "other" });
    const { code, stdout } = await product.dispatch(["bulk", "--server", product.tmux.socket, "--select", "session=rel-*,state=idle", "--prompt", "status?"]);
    expect(stdout).toMatch(/2 of 2: 2 delivered, 0 left alone, 0 failed/);
    expect(code).toBe(0);
    for (const agent of [one, two]) expect(await agent.submitted()).toEqual(["status?"]);
    expect(await other.submitted()).toEqual([]);
  });

  it("--select that fits nothing says so, types nothing, and is no success", async () => {
    const { code, stdout } = await product.dispatch(["bulk", "--server", product.tmux.socket, "--select", "session=nobody", "--prompt", "status?"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "No target was found; nothing was typed.\n" });
  });

  it("--dry-run types nothing anywhere", async () => {
    const agent = await product.agent();
    expect(await bulk("not really", "--to", `${agent.target},nowhere:0`, "--dry-run")).toMatchObject({ status: "completed", delivered: 0, skipped: 2, code: 0 });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it("ctrl-C: what was not typed yet never is, and it says what was", async () => {
    const held = await product.agent({ settings: { hold: true } });
    await product.tmux.run("send-keys", "-t", held.paneId, "before", "Enter");
    await held.waitFor(({ event }) => event === "submitted");
    const [first, never] = [await product.agent(), await product.agent()];
    const child = product.spawn(["send", "--server", product.tmux.socket, "--events", "--when-idle", "--max-concurrency", "1", "--prompt", "one by one", "--to", [first, held, never].map(({ target }) => target).join(",")]);
    let out = "";
    const waits = new Promise<void>((resolve) => child.stdout?.on("data", (chunk: Buffer) => {
      out += String(chunk);
      if (out.includes('"step":"waiting"')) resolve();
    }));
    await waits;
    child.kill("SIGINT");
    await new Promise((resolve) => child.once("close", resolve));
    const results = out.trimEnd().split("\n").map((line) => JSON.parse(line) as { event: string; index?: number; status?: string; detail?: string });
    const byIndex = Object.fromEntries(results.filter(({ event }) => event === "result").map(({ index, status }) => [index, status]));
    expect(byIndex).toEqual({ 0: "delivered", 1: "cancelled", 2: "cancelled" });
    await held.control({ turnMs: 5 });
    expect(await first.submitted()).toEqual(["one by one"]);
    for (const agent of [held, never]) expect((await agent.input()).pastes).toEqual([]);
  });

  it("--from sessions-query: the panes that the registry names; its second command where the first fails", async () => {
    await Product.with({ tmux: product.tmux }, async (own) => {
      const agent = await product.agent();
      const bin = join(own.dir, "bin");
      await mkdir(bin);
      const answer = JSON.stringify({ sessions: [{ pane: agent.target, title: "Release" }, { pane: "nowhere:1", title: "other" }] });
      await writeFile(join(bin, "sessions"), `#!/bin/sh\n[ "$1" = status ] && echo '${answer}' || exit 3\n`);
      await chmod(join(bin, "sessions"), 0o755);
      own.addToPath(bin);
      const ran = await own.dispatch(["send", "--from", "sessions-query", "--sessions-query", "release", "--server", product.tmux.socket, "--prompt", "from the registry", "--json"]);
      expect(JSON.parse(ran.stdout)).toMatchObject({ source: "sessions-query", requested: 1 });
      await writeFile(join(bin, "sessions"), "#!/bin/sh\nexit 3\n");
      const failed = await own.dispatch(["send", "--from", "sessions-query", "--prompt", "from the registry"]);
      expect(failed.stderr).toMatch(/`sessions live --json --once` ended with status 3; `sessions status --json` ended with status 3/);
    });
  });
});

describe("one send, with the predecessor's flags", () => {
  it("--force-active: into a busy agent", async () => {
    const agent = await product.agent({ settings: { hold: true } });
    await product.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
    await agent.waitFor(({ event }) => event === "submitted");
    expect(await product.send(agent.target, "all the same", "--force-active")).toMatchObject({ status: "queued" });
  });

  it("--no-confirm comes back with the key, and the proof comes later", async () => {
    const agent = await product.agent({ settings: { recordDelayMs: 300 } });
    const outcome = await product.send(agent.target, "no need to wait", "--no-confirm", "--key", "no-confirm");
    expect(outcome.steps.at(-1)?.step).toBe("submitted");
    expect(outcome.status).toBe("pending");
    expect(await product.ended("no-confirm")).toMatchObject({ status: "delivered" });
  });

  it("--retries 0: a key that was swallowed is not pressed again", async () => {
    const agent = await product.agent({ settings: { swallowEnters: 1 } });
    const outcome = await product.send(agent.target, "pressed once", "--retries", "0", "--timeout", "5s");
    expect(outcome).toMatchObject({ status: "failed", reason: "agent_wedged", presses: 1 });
    expect(await agent.submitted()).toEqual([]);
  });

  it("--goal: as a goal of the agent, said once", async () => {
    const agent = await product.agent();
    const { stdout } = await product.dispatch(["send", "--server", product.tmux.socket, "--to", agent.target, "--goal", "--prompt", "ship it", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ options: { command: true }, status: "delivered" });
    expect(await agent.submitted()).toEqual(["/goal ship it"]);
  });

  it("--capture-before: the pane as it was, redacted", async () => {
    const agent = await product.agent();
    await product.send(agent.target, "my token=abc123def4 is secret", "--wait", "finished");
    const { stdout } = await product.dispatch(["send", "--server", product.tmux.socket, "--to", agent.target, "--prompt", "next", "--capture-before", "50", "--json"]);
    const { captureBefore: { text: before }, status } = JSON.parse(stdout) as { captureBefore: { text: string }; status: string };
    expect(status).toBe("delivered");
    expect(before).toContain("token=<redacted:secret>");
    expect(before).not.toContain("next");
  });

  it("--jitter holds each back for a random while, and no longer", async () => {
    const agents = [await product.agent(), await product.agent()];
    const began = Date.now();
    expect(await bulk("after a while", "--to", agents.map(({ target }) => target).join(","), "--jitter", "300")).toMatchObject({ status: "completed", delivered: 2 });
    expect(Date.now() - began).toBeLessThan(5_000);
    for (const agent of agents) expect(await agent.submitted()).toEqual(["after a while"]);
  });

  it("--stagger keeps two starts apart", async () => {
    const agents = [await product.agent(), await product.agent(), await product.agent()];
    const words = ["send", "--server", product.tmux.socket, "--to", agents.map(({ target }) => target).join(","), "--prompt", "one after the other", "--stagger", "300", "--json"];
    const { records } = JSON.parse((await product.dispatch(words)).stdout) as { records: { status: string; createdAt: string }[] };
    expect(records.map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
    const starts = records.map(({ createdAt }) => Date.parse(createdAt)).toSorted((a, b) => a - b);
    for (const [index, at] of starts.slice(1).entries()) expect(at - (starts[index] ?? 0)).toBeGreaterThanOrEqual(290);
  });

  it("--delay holds the key back for at least so long", async () => {
    const agent = await product.agent();
    const { stdout } = await product.dispatch(["send", "--server", product.tmux.socket, "--to", agent.target, "--prompt", "slowly", "--delay", "400", "--json"]);
    const { steps } = JSON.parse(stdout) as { steps: { step: string; at: string }[] };
    const at = (name: string) => Date.parse(steps.find(({ step }) => step === name)?.at ?? "");
    expect(at("submitted") - at("parked")).toBeGreaterThanOrEqual(390);
  });

  it("--mode literal: one line as keys; several lines are refused, and nothing is typed", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.target, "two\nlines", "--mode", "literal")).toMatchObject({ status: "refused", reason: "invalid_argument" });
    expect(await agent.received()).toHaveLength(0);
    expect(await product.send(agent.target, "one line", "--mode", "literal")).toMatchObject({ status: "delivered" });
    expect((await agent.input()).pastes).toEqual([]);
    expect(await agent.submitted()).toEqual(["one line"]);
  });

  it("--submit-key Tab where the agent does not know it: refused, and nothing is typed", async () => {
    const agent = await product.agent();
    expect(await product.send(agent.target, "with tab", "--submit-key", "Tab")).toMatchObject({ status: "refused", reason: "cannot_queue" });
    expect((await agent.input()).pastes).toEqual([]);
  });

  it.each([
    [["--retries", "NaN"], /--retries: "NaN" is not a whole number from 0 to 50/],
    [["--delay", "soon"], /--delay: "soon" is not a time/],
    [["--mode", "typed"], /--mode: "typed" is none of auto, paste, literal/],
    [["--submit-key", "Space"], /--submit-key: "space" is none of enter, tab/],
    [["--queue", "--force-active"], /only one of/],
    [["--max-concurrency", "0"], /from 1 to 100/],
    [["--from", "elsewhere"], /--from: "elsewhere" is none of sessions-query/],
    [["--no-confirm", "--wait"], /cannot be given with --wait/],
  ])("refuses %j", async (flags, why) => {
    const ran = await product.dispatch(["send", "--to", "x:0", "--prompt", "x", ...flags]);
    expect(ran.stderr).toMatch(why);
    expect(ran.code).toBe(2);
  });
});

describe("key", () => {
  it("each of the list arrives as a key", async () => {
    const agent = await product.agent();
    const keys = ["left", "bs", "Right", "up", "arrowdown", "home", "END", "page-up", "PageDown", "del", "tab", "esc"];
    for (const key of keys) {
      const ran = await product.dispatch(["key", "--server", product.tmux.socket, "--to", agent.target, "--key", key, "--json"]);
      expect(JSON.parse(ran.stdout), key).toMatchObject({ kind: "key", status: "delivered" });
    }
    const csi = String.raw`\u001B[[O]`;
    const got = (await agent.received()).toString("latin1");
    expect(got).toMatch(new RegExp(`${csi}D[\\u007F\\b]${csi}C${csi}A${csi}B${csi}(?:H|1~)${csi}(?:F|4~)${csi}5~${csi}6~${csi}3~\\t\\u001B$`, "u"));
  });

  it("Enter is not pressed over a draft, nor in a shell; it is listed as what it was", async () => {
    const agent = await product.agent();
    await product.tmux.run("send-keys", "-t", agent.paneId, "-l", "half a thought");
    await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("half a thought"), "the draft on the screen");
    const ran = await product.dispatch(["key", "--server", product.tmux.socket, "--to", agent.target, "--key", "Enter", "--json"]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ kind: "key", status: "refused", reason: "draft_present" });
    expect(ran.code).toBe(3);
    expect(await agent.submitted()).toEqual([]);
    const { stdout } = await product.dispatch(["show", (JSON.parse(ran.stdout) as { id: string }).id, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "key", keyName: "Enter", status: "refused" });
  });
});
