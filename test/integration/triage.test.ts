import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../testkit/tmux.js";
import { Product } from "../testkit/product/product.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

async function run(verb: string[], ...flags: string[]): Promise<{ code: number | null; json: Record<string, unknown>; stderr: string }> {
  const { code, stdout, stderr } = await product.dispatch([...verb, "--server", product.tmux.socket, "--json", ...flags]);
  if (!stdout.startsWith("{")) throw new Error(`exit ${code}: ${stderr}`);
  return { code, json: JSON.parse(stdout) as Record<string, unknown>, stderr };
}

describe("triage and recover", () => {
  it("an idle agent: what would be done, then done with --apply, once", async () => {
    const agent = await product.agent();
    await product.tmux.run("send-keys", "-t", agent.paneId, "password=hunter22x", "Enter");
    await agent.waitFor(({ event }) => event === "submitted");
    await product.send(agent.target, "settle", "--wait", "finished", "--when-idle");
    const triage = await run(["triage"], "--to", agent.target);
    expect(triage).toMatchObject({ code: 0, json: { schemaVersion: "dispatch.agentTriage.v1", status: "ok", action: { kind: "send", submitKey: "Enter", safeToApply: true }, detection: { state: "idle" } } });
    expect(triage.json["excerpt"]).toContain("password=<redacted:secret>");
    expect((await run(["triage"], "--to", agent.target, "--no-excerpt")).json).not.toHaveProperty("excerpt");
    const before = await agent.submitted();
    expect(await run(["recover"], "--to", agent.target, "--prompt", "go on", "--key", "again")).toMatchObject({ code: 0, json: { schemaVersion: "dispatch.agentRecover.v1", status: "planned", applied: false, promptPreview: "go on", delivery: null } });
    expect(await agent.submitted()).toEqual(before);
    for (let time = 0; time < 2; time++) {
      expect(await run(["recover"], "--to", agent.target, "--prompt", "go on", "--key", "again", "--apply")).toMatchObject({ code: 0, json: { status: "applied", applied: true, delivery: { status: "delivered" } } });
    }
    expect(await agent.submitted()).toEqual([...before, "go on"]);
  });

  it("a busy agent: queued, unless that is not wanted", async () => {
    const agent = await product.agent({ settings: { hold: true } });
    await product.tmux.run("send-keys", "-t", agent.paneId, "first", "Enter");
    await agent.waitFor(({ event }) => event === "submitted");
    expect(await run(["triage"], "--to", agent.target)).toMatchObject({ code: 0, json: { action: { kind: "queue" } } });
    expect(await run(["triage"], "--to", agent.target, "--no-queue")).toMatchObject({ code: 3, json: { status: "blocked", action: { kind: "refuse", reasonCode: "agent_busy" } } });
    expect(await run(["recover"], "--to", agent.target, "--prompt", "later", "--no-queue", "--apply")).toMatchObject({ code: 3, json: { status: "refused", delivery: null } });
    expect(await agent.submitted()).toEqual(["first"]);
    expect(await run(["recover"], "--to", agent.target, "--prompt", "later", "--apply")).toMatchObject({ json: { status: "applied", delivery: { status: "queued" } } });
  });

  it("a draft is not typed over, with --apply neither", async () => {
    const agent = await product.agent();
    await product.tmux.run("send-keys", "-t", agent.paneId, "half a thought");
    await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("half a thought"), "the draft");
    expect(await run(["recover"], "--to", agent.target, "--prompt", "go on", "--apply")).toMatchObject({ code: 3, json: { status: "refused", triage: { action: { reasonCode: "draft_present" } } } });
    expect(await agent.submitted()).toEqual([]);
  });

  it("a shell and a pane that is not there", async () => {
    await product.tmux.run("new-window", "-d", "-t", "work:", "-n", "shell", "bash --norc");
    expect(await run(["triage"], "--to", "work:shell")).toMatchObject({ code: 3, json: { action: { kind: "refuse", reasonCode: "is_shell" } } });
    expect((await product.dispatch(["triage", "--server", product.tmux.socket, "--to", "nowhere:0"])).code).toBe(8);
    expect((await product.dispatch(["recover", "--prompt", "x"])).code).toBe(2);
  });
});

describe("the fleet and a failure", () => {
  it("fleet summary: those that fit, as many as asked for", async () => {
    await product.agent({ session: "rel-1", window: "one" });
    await product.tmux.run("new-session", "-d", "-s", "rel-2", "bash --norc");
    const all = await run(["fleet", "summary"], "--targets", "rel-*,nothing");
    expect(all).toMatchObject({ code: 0, json: { schemaVersion: "dispatch.fleet_summary.v1", matched: 2, counts: { idle: 1, blocked: 1, working: 0, stuck: 0, error: 0 } } });
    expect((await run(["fleet", "summary"], "--targets", "rel-*", "--limit", "1")).json["panes"]).toMatchObject([{ state: "blocked", action: { reasonCode: "is_shell" } }]);
    const plain = await product.dispatch(["fleet", "summary", "--server", product.tmux.socket, "--targets", "rel-*"]);
    expect(plain.stdout).toMatch(/^2 panes: 0 working, 1 idle, 0 stuck, 0 error, 1 blocked\nSTATE/u);
    expect((await product.dispatch(["fleet", "summary", "--limit", "201"])).code).toBe(2);
  });

  it("self-heal diagnose: by text, file or standard input, with exit code 0", async () => {
    const byText = await product.dispatch(["self-heal", "diagnose", "--json", "--text", "No route to host"]);
    expect([byText.code, JSON.parse(byText.stdout)]).toEqual([0, expect.objectContaining({ classification: "machine", dryRun: true })]);
    const byInput = await product.dispatch(["self-heal", "diagnose"], "can't find pane: %9");
    expect([byInput.code, byInput.stdout]).toEqual([0, expect.stringMatching(/^target \(confidence 0\.\d+\)\n {2}seen: can't find pane: %9\n {2}do: /u)]);
    const unknown = await product.dispatch(["self-heal", "diagnose", "--file", "/etc/hostname"]);
    expect([unknown.code, unknown.stdout]).toEqual([0, expect.stringMatching(/^unknown/u)]);
  });
});
