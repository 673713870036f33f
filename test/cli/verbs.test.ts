import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verbs } from "../../cli/commands/verbs.js";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await bed.dispatch([...args, "--json"])).stdout);

describe("help", () => {
  it("lists every verb; --version is one line", async () => {
    const { code, stdout } = await bed.dispatch(["--help"]);
    expect(code).toBe(0);
    for (const verb of Object.keys(verbs)) expect(stdout).toMatch(new RegExp(`^  ${verb} +\\S`, "m"));
    expect((await bed.dispatch([])).stdout).toBe(stdout);
    expect((await bed.dispatch(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("--help behind two words tells of that command alone", async () => {
    const { stdout } = await bed.dispatch(["daemon", "service", "--help"]);
    expect(stdout.match(/^\s+--json /gmu)).toHaveLength(1);
    expect(stdout).toContain("--start");
    expect((await bed.dispatch(["daemon", "--help"])).stdout).toMatch(/daemon ensure[\s\S]*daemon service/u);
  });

  it.each(Object.keys(verbs))("%s --help tells its options and starts nothing", async (verb) => {
    const { code, stdout, stderr } = await testBed().dispatch([verb, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`dispatch ${verb}`);
    expect(stdout).toContain("--json");
  });
});

describe("targets", () => {
  it("prints a line per pane, or one object per pane with the fields of the predecessor", async () => {
    const { stdout } = await bed.dispatch(["targets"]);
    expect(stdout.split("\n")[0]).toMatch(/^TARGET +PANE +KIND +STATE +SINCE +FOLDER +DOING$/);
    expect(stdout).toMatch(/idle:0\.0 +%1 +claude 2\.1\.197 +idle +\d+ (?:s|min|h|d) +\/tmp$/m);
    expect(await json("targets")).toContainEqual(expect.objectContaining({
      target: "idle:0.0", window: "agent", active: true, paneCommand: "claude", cwd: "/tmp", panePid: 4242,
      detection: expect.objectContaining({ targetKind: "agent", agentKind: "claude", composerState: "idle", canReceivePrompt: true, canQueuePrompt: false, submitKeys: ["Enter"], recommendedSubmitKey: "Enter", reason: "scripted" }),
    }));
  });

  it("looks at one pane with the evidence", async () => {
    expect((await bed.dispatch(["targets", "busy"])).stdout).toMatch(/agent: claude 2\.1\.197, busy\n.*scripted\n.*\n {2}takes a prompt: no; can queue: yes\n {2}process {2}scripted\n$/s);
    expect(await json("targets", "busy")).toMatchObject({ target: "busy:0.0", detection: { state: "busy" } });
  });

  it("sends the server of the caller: --server, else $TMUX, else TMUX_TMPDIR", async () => {
    const uid = process.getuid?.() ?? 0;
    const serverOf = async (args: string[], env: Record<string, string> = {}): Promise<string> =>
      (JSON.parse((await bed.dispatch(["targets", "idle", "--json", ...args], { env })).stdout) as { server: string }).server;
    expect(await serverOf([])).toBe(`/tmp/tmux-${uid}/default`);
    expect(await serverOf([], { TMUX: "/run/a,b/c,123,0" })).toBe("/run/a,b/c");
    expect(await serverOf([], { TMUX_TMPDIR: bed.home })).toBe(`${bed.home}/tmux-${uid}/default`);
    expect(await serverOf(["--server", "work"], { TMUX: "/x,1,0" })).toBe(`/tmp/tmux-${uid}/work`);
    expect(await serverOf(["--server", "./sock"])).toBe(join(bed.home, "sock"));
  });
});

describe("capture", () => {
  it("prints the text, by --to or as a word", async () => {
    expect((await bed.dispatch(["capture", "--to", "idle", "--lines", "2"])).stdout).toBe("line 1\nline 2\n");
    expect(await json("capture", "idle", "-n", "1")).toMatchObject({ target: "idle:0.0", text: "line 1", lines: 1, capturedAt: expect.any(String) });
  });
});

describe("looking deliveries up", () => {
  it("list, show, status and cancel by id and by key", async () => {
    const { id } = (await json("send", "--to", "idle", "-p", "hello", "--key", "look-up")) as { id: string };
    await bed.dispatch(["send", "--to", "shell", "-p", "hello"]);
    const { stdout } = await bed.dispatch(["list"]);
    expect(stdout.split("\n")[1]).toMatch(/refused \(is_shell\)/);
    expect(stdout).toContain(id);
    expect(await json("list", "--status", "refused", "--limit", "1")).toMatchObject([{ reason: "is_shell" }]);
    for (const name of [id, "look-up"]) {
      expect(await json("show", name)).toMatchObject({ id, key: "look-up", status: "delivered" });
      expect(await json("status", name)).toMatchObject({ id });
    }
    expect((await bed.dispatch(["show", id])).stdout).toMatch(/^ {2}accepted .*\n.*✓ delivered: /s);
    const late = await bed.dispatch(["cancel", id]);
    expect([late.code, late.stdout]).toEqual([1, expect.stringMatching(/^Too late to cancel\.\n✓ delivered/)]);
    await bed.dispatch(["send", "--to", "hold", "-p", "x", "--key", "held", "--wait", "accepted"]);
    expect(await json("cancel", "held")).toMatchObject({ cancelled: true, status: "cancelled" });
  });
});

describe("lists", () => {
  it("list: by status, by kind, in full", async () => {
    const own = testBed();
    await own.dispatch(["send", "--to", "idle", "-p", "hello"]);
    await own.dispatch(["send", "--to", "shell", "-p", "hello"]);
    await own.dispatch(["key", "--to", "idle", "--key", "Escape"]);
    const listed = async (...args: string[]): Promise<string[]> => (JSON.parse((await own.dispatch(["list", "--json", ...args])).stdout) as { kind: string; status: string }[]).map(({ kind, status }) => `${kind} ${status}`);
    expect(await listed()).toEqual(["key delivered", "prompt refused", "prompt delivered"]);
    expect(await listed("--kind", "key")).toEqual(["key delivered"]);
    expect(await listed("--kind", "prompt", "-s", "delivered")).toEqual(["prompt delivered"]);
    expect(await listed("--machine", "elsewhere")).toEqual([]);
    expect((await own.dispatch(["list", "--verbose", "-n", "1"])).stdout).toMatch(/✓ delivered: .*\n.*id [0-9a-f]{12}/s);
  });

  it("list --watch tells each delivery as it goes", async () => {
    const own = testBed();
    await own.dispatch(["up"]);
    const watching = own.start(["list", "--watch"]);
    // What is told before the stream stands is missed: so there is something to tell until it is seen.
    const seen = watching.printed(/✓ delivered/);
    const look = { seen: false };
    void seen.then(() => (look.seen = true));
    while (!look.seen) await own.dispatch(["send", "--to", "idle", "-p", "hello"]);
    expect(await seen).toMatch(/^[0-9a-f]{12} {2}… pending/m);
    watching.child.kill("SIGINT");
    expect((await watching.ended).code).toBe(0);
  });

  it("status --watch tells the health again after each step", async () => {
    const own = testBed();
    await own.dispatch(["up"]);
    const watching = own.start(["status", "--watch", "--json"]);
    const seen = watching.printed(/"deliveries":\{"delivered":[1-9]/);
    const look = { seen: false };
    void seen.then(() => (look.seen = true));
    while (!look.seen) await own.dispatch(["send", "--to", "idle", "-p", "hello"]);
    watching.child.kill("SIGINT");
    expect((await watching.ended).code).toBe(0);
  });

  it("show --watch follows to the end", async () => {
    const own = testBed();
    await own.dispatch(["send", "--to", "hold", "-p", "x", "--key", "followed", "--wait", "accepted"]);
    const following = own.start(["show", "followed", "--watch"]);
    await following.printed(/waiting/);
    own.release();
    const { stdout, code } = await following.ended;
    expect(stdout).toMatch(/delivered .*\n.*✓ delivered/s);
    expect(code).toBe(0);
  });

  it("targets: those that fit, as many as asked for", async () => {
    const targets = async (...args: string[]): Promise<string[]> => ((await json("targets", ...args)) as { target: string }[]).map(({ target }) => target);
    const all = await targets();
    expect(all.length).toBeGreaterThan(1);
    expect(await targets("-n", "1")).toEqual(all.slice(0, 1));
    expect(await targets("--select", "session=idle")).toEqual(["idle:0.0"]);
    expect(await targets("--select", "session=nothing")).toEqual([]);
  });
});

describe("status, doctor, config", () => {
  it("status tells coordinator, nodes and counts", async () => {
    await bed.dispatch(["send", "--to", "idle", "-p", "x"]);
    expect(await json("status")).toMatchObject({ pid: bed.pid(), nodes: [{ healthy: true, tmuxVersion: "3.3a" }], deliveries: { delivered: expect.any(Number) } });
    expect((await bed.dispatch(["status"])).stdout).toMatch(/^coordinator .*\nnode .*\ndeliveries: .*delivered/);
  });

  it("doctor prints findings", async () => {
    expect(await bed.dispatch(["doctor"])).toMatchObject({ code: 0, stdout: "✓ tmux: tmux 3.3a\n" });
    expect(await json("doctor")).toEqual([{ severity: "ok", subject: "tmux", detail: "tmux 3.3a", hint: "" }]);
  });

  it("config prints each value and its origin", async () => {
    const folder = join(bed.home, ".config", "dispatch");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "config.json"), '{"logLevel": "warn"}');
    const { stdout } = await bed.dispatch(["config"]);
    expect(stdout).toMatch(new RegExp(`logLevel +${folder}/config\\.json +"warn"`));
    expect(stdout).toMatch(/dataDir +environment DISPATCH_DATA_DIR +"/);
    expect(await json("config", "--data-dir", "elsewhere")).toMatchObject({ dataDir: { value: join(bed.home, "elsewhere"), origin: "command line" }, autostart: { value: true, origin: "default" } });
  });
});

describe("watch", () => {
  it("prints states until it is interrupted", async () => {
    const { child, printed, ended } = bed.start(["watch", "idle"]);
    await printed(/idle:0\.0 %1 {2}claude {2}idle\n/);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("targets --watch prints the list again, with --json one a line", async () => {
    const table = bed.start(["targets", "--watch"]);
    await table.printed(/^TARGET[\s\S]*idle:0\.0/u);
    const lines = bed.start(["targets", "--watch", "--json", "--select", "state=idle"]);
    expect(JSON.parse((await lines.printed(/\n/u)).split("\n")[0] ?? "")).toEqual(expect.arrayContaining([expect.objectContaining({ target: "idle:0.0" })]));
    for (const { child, ended } of [table, lines]) {
      child.kill("SIGINT");
      expect(await ended).toMatchObject({ code: 0, stderr: "" });
    }
  });

  it("ends when nobody reads any more", async () => {
    const own = testBed();
    await own.dispatch(["up"]);
    const { child, printed, ended } = own.start(["watch", "idle", "--json"]);
    expect(JSON.parse(await printed(/\n/))).toMatchObject({ gone: false, target: "idle:0.0", detection: { state: "idle" } });
    child.stdout?.destroy();
    own.release();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});

