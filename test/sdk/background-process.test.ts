import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { socketFolder } from "../../core/config/state-folder.js";
import { commandOf, fileAppears, testBed, type TestBed } from "../testkit/programs/test-bed.js";

const send = (...more: string[]): string[] => ["send", "--to", "idle", "-p", "top secret words", ...more];

/** Pids of the background processes of a bed, by their argument. */
function daemonsOf({ dataDir }: TestBed): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`embedded.js ${dataDir} `)).map((line) => Number(line.trim().split(" ")[0]));
}

const gone = async (pid: number): Promise<void> => {
  while (commandOf(pid) !== "") await new Promise(setImmediate);
};

describe("is started by the first command that needs it", () => {
  it("ten first commands at once start exactly one, and all succeed", { timeout: 60_000 }, async () => {
    const bed = testBed();
    const ran = await Promise.all(Array.from({ length: 10 }, () => bed.dispatch(send())));
    expect(ran.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from({ length: 10 }, () => [0, ""]));
    expect(daemonsOf(bed)).toEqual([bed.pid()]);
    expect(readFileSync(join(bed.dataDir, "daemon.log"), "utf8").match(/coordinator is listening/g)).toHaveLength(1);
  });

  it("--no-autostart, or autostart off in the configuration, starts none and says so", async () => {
    const bed = testBed();
    for (const [args, env] of [[["--no-autostart"], {}], [[], { DISPATCH_AUTOSTART: "false" }]] as const) {
      const { code, stderr } = await bed.dispatch(send(...args), { env });
      expect({ code, stderr }).toEqual({ code: 9, stderr: "dispatch: The background process is not running.\n  Start it with `dispatch up`.\n" });
    }
    expect(existsSync(bed.dataDir)).toBe(false);
  });

  it("is free of its starter: own session, folder /, no terminal, no descriptors, none of the starter's secrets", async () => {
    const bed = testBed();
    const env = { TMUX: "/tmp/x,1,0", TMUX_PANE: "%1", ANTHROPIC_API_KEY: "sk-ant-secret", TMUX_TMPDIR: "/tmp", XDG_STATE_HOME: "/tmp/x" };
    // A descriptor that the shell leaves open must not reach the background process.
    const shell = `exec 7>${bed.home}/inherited; exec ${process.execPath} ${bed.program("dispatch")} up`;
    execFileSync("sh", ["-c", shell], { env: { ...bed.env, ...env } });
    const pid = bed.pid();
    const [session, tty] = execFileSync("ps", ["-o", "sess=,tty=", "-p", String(pid)], { encoding: "utf8" }).trim().split(/\s+/);
    expect([Number(session), tty]).toEqual([pid, "?"]);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "";
      }
    });
    expect(open.filter((path) => path.includes("inherited"))).toEqual([]);
    expect(readlinkSync(`/proc/${pid}/fd/0`)).toBe("/dev/null");
    expect(readlinkSync(`/proc/${pid}/fd/1`)).toBe(join(bed.dataDir, "daemon.log"));
    const names = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean).map((entry) => entry.split("=")[0]);
    expect(names.toSorted()).toEqual(["DISPATCH_DATA_DIR", "HOME", "LANG", "PATH", "TMUX_TMPDIR", "XDG_STATE_HOME"]);
  });

  it("keeps everything to its user, and no word of a prompt in log, status or arguments", async () => {
    const bed = testBed();
    await bed.dispatch(send());
    expect(statSync(bed.dataDir).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(bed.dataDir)) expect([name, statSync(join(bed.dataDir, name)).mode & 0o077]).toEqual([name, 0]);
    const { stdout } = await bed.dispatch(["daemon", "status", "--json"]);
    const told = stdout + readFileSync(join(bed.dataDir, "daemon.log"), "utf8") + readFileSync(join(bed.dataDir, "daemon.json"), "utf8") + commandOf(bed.pid());
    expect(told).not.toContain("secret");
  });
});

describe("is recognized when it is gone", () => {
  it("after kill -9 the next command starts another and the deliveries are still there", async () => {
    const bed = testBed();
    await bed.dispatch(send("--key", "k"));
    const before = bed.pid();
    process.kill(before, "SIGKILL");
    await gone(before);
    expect(existsSync(join(bed.dataDir, "coordinator.sock"))).toBe(true);
    const { code, stdout } = await bed.dispatch(["show", "k", "--json"]);
    expect([code, (JSON.parse(stdout) as { status: string }).status]).toEqual([0, "delivered"]);
    expect(bed.pid()).not.toBe(before);
  });

  it("a pid file that names another process is stale: that process is left alone", async () => {
    const bed = testBed();
    mkdirSync(bed.dataDir, { mode: 0o700 });
    writeFileSync(join(bed.dataDir, "daemon.json"), JSON.stringify({ pid: process.pid, processStarted: "1", version: "0.0.1", startedAt: "x" }));
    expect(JSON.parse((await bed.dispatch(["daemon", "stop", "--json"])).stdout)).toMatchObject({ action: "none", running: false, pid: null });
    expect((await bed.dispatch(send())).code).toBe(0);
    expect(bed.pid()).not.toBe(process.pid);
  });

  it("ends where its folder is taken away, so that its schedules do not fire unseen, and takes nothing of its successor away", async () => {
    const bed = testBed();
    await bed.dispatch(send());
    const before = bed.pid();
    rmSync(bed.dataDir, { recursive: true });
    expect((await bed.dispatch(send("--key", "k"))).code).toBe(0);
    await gone(before);
    expect(daemonsOf(bed)).toEqual([bed.pid()]);
    expect(JSON.parse((await bed.dispatch(["show", "k", "--json"])).stdout)).toMatchObject({ status: "delivered" });
  });

  it.each(["coordinator.sock", "node.sock"])("ends where %s is taken away: the next command starts another", async (name) => {
    const bed = testBed();
    await bed.dispatch(send());
    const before = bed.pid();
    rmSync(join(bed.dataDir, name));
    await gone(before);
    expect((await bed.dispatch(send())).code).toBe(0);
    expect(daemonsOf(bed)).toEqual([bed.pid()]);
  });

  it("goes away for good while it has a prompt: nobody claims to know what became of it, and the key tells once it is back", async () => {
    const bed = testBed();
    const sending = bed.start(["send", "--to", "hold", "-p", "x", "--key", "k", "--events"]);
    await sending.printed(/"waiting"/);
    const database = join(bed.dataDir, "coordinator.db");
    renameSync(database, `${database}.kept`);
    writeFileSync(database, "no database at all, but long enough for its header: ".repeat(10));
    process.kill(bed.pid(), "SIGKILL");
    const { code, stdout } = await sending.ended;
    expect(code).toBe(4);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ event: "result", status: "unconfirmed", reason: "no_answer", key: "k", detail: expect.stringContaining("is damaged") as string });
    renameSync(`${database}.kept`, database);
    bed.release();
    expect(JSON.parse((await bed.dispatch(["send", "--to", "hold", "-p", "x", "--key", "k", "--json"])).stdout)).toMatchObject({ status: "delivered" });
  });

  it("serves on where its log cannot be written", async () => {
    const bed = testBed();
    const full = openSync("/dev/full", "w");
    const running = spawn(process.execPath, [bed.program("dispatch"), "daemon", "run"], { env: { ...bed.env, DISPATCH_LOG_LEVEL: "debug" }, stdio: ["ignore", full, full] });
    onTestFinished(() => {
      running.kill("SIGKILL");
      closeSync(full);
    });
    await fileAppears(bed.home, "state");
    await fileAppears(bed.dataDir, "daemon.json");
    expect((await bed.dispatch(send())).code).toBe(0);
    const [ended] = [once(running, "exit"), await bed.dispatch(["down"])];
    expect(await ended).toEqual([0, null]);
  });

  it("a socket, a lock and a damaged pid file that were left behind stop nobody", async () => {
    const bed = testBed();
    mkdirSync(bed.dataDir, { mode: 0o700 });
    const left = createServer().listen(join(bed.dataDir, "left"));
    await once(left, "listening");
    execFileSync("ln", [join(bed.dataDir, "left"), join(bed.dataDir, "coordinator.sock")]);
    left.close();
    for (const name of ["coordinator.lock", "node.lock", "launch.lock"]) writeFileSync(join(bed.dataDir, name), "");
    writeFileSync(join(bed.dataDir, "daemon.json"), "{ half");
    expect((await bed.dispatch(send())).code).toBe(0);
  });
});

describe("up, down and daemon", () => {
  it("who leads here from another machine starts what has died here, and not what was ended here", { timeout: 30_000 }, async () => {
    const bed = testBed();
    const pipe = async (): Promise<number | null> => (await bed.dispatch(["node", "pipe"], { stdin: "" })).code;
    expect(await pipe()).toBe(0);
    for (const end of [["down"], ["daemon", "stop"]]) {
      await bed.dispatch(end);
      const refused = await bed.dispatch(["node", "pipe"], { stdin: "" });
      expect(refused).toMatchObject({ code: 9, stderr: expect.stringContaining("was ended there by `dispatch down`") });
      expect(daemonsOf(bed)).toEqual([]);
      await bed.dispatch(["up"]);
      const pid = bed.pid();
      process.kill(pid, "SIGKILL");
      await gone(pid);
      expect(await pipe()).toBe(0);
      expect(daemonsOf(bed)).toEqual([bed.pid()]);
    }
  });

  it("tell and do the same, for people and as JSON with pid and health", async () => {
    const bed = testBed();
    expect(JSON.parse((await bed.dispatch(["daemon", "status", "--json"])).stdout)).toMatchObject({ running: false, healthy: false, pid: null });
    const up = await bed.dispatch(["up", "--json"]);
    expect([up.code, JSON.parse(up.stdout)]).toEqual([0, expect.objectContaining({ action: "started", running: true, healthy: true, pid: bed.pid(), version: expect.any(String), deliveries: {}, dataDir: bed.dataDir })]);
    expect(JSON.parse((await bed.dispatch(["daemon", "ensure", "--json"])).stdout)).toMatchObject({ action: "running", pid: bed.pid() });
    expect((await bed.dispatch(["daemon", "status"])).stdout).toMatch(/^coordinator .+ pid \d+.*\nnode .+\ndeliveries: none\nhealthy\nlog /);
    const pid = bed.pid();
    expect(JSON.parse((await bed.dispatch(["down", "--json"])).stdout)).toEqual({ action: "stopped", running: false, pid });
    expect(commandOf(pid)).toBe("");
    expect(existsSync(join(bed.dataDir, "coordinator.sock"))).toBe(false);
    const again = await bed.dispatch(["down"]);
    expect([again.code, again.stdout]).toEqual([0, "The background process does not run.\n"]);
  });

  it("down in the middle of a delivery: it is taken up at the next start, and typed once", async () => {
    const bed = testBed();
    const waiting = bed.start(["send", "--to", "hold", "-p", "x", "--key", "k", "--json", "--no-autostart"]);
    await expect(waiting.ended).resolves.toMatchObject({ code: 9 });
    await bed.dispatch(["send", "--to", "hold", "-p", "x", "--key", "k", "--wait", "accepted"]);
    await bed.dispatch(["down"]);
    await bed.dispatch(["up"]);
    bed.release();
    const { stdout } = await bed.dispatch(["send", "--to", "hold", "-p", "x", "--key", "k", "--json"]);
    const { status, steps } = JSON.parse(stdout) as { status: string; steps: { step: string }[] };
    expect(status).toBe("delivered");
    expect(steps.filter(({ step }) => step === "typed")).toHaveLength(1);
  });

  it("one of another version is replaced when it has nothing under way, else told of and left", async () => {
    const bed = testBed();
    await bed.dispatch(["send", "--to", "hold", "-p", "x", "--key", "k", "--wait", "accepted"]);
    const file = join(bed.dataDir, "daemon.json");
    const before = bed.pid();
    writeFileSync(file, readFileSync(file, "utf8").replace(/"version": "[^"]*"/, '"version": "0.0.0"'));
    const busy = await bed.dispatch(["list"]);
    expect([busy.code, busy.stderr]).toEqual([0, "dispatch: The background process is of another version; it is replaced once its deliveries have ended.\n"]);
    expect(bed.pid()).toBe(before);
    bed.release();
    await bed.dispatch(["send", "--to", "hold", "-p", "x", "--key", "k"]);
    const idle = await bed.dispatch(["list"]);
    expect([idle.code, idle.stderr]).toEqual([0, ""]);
    expect(bed.pid()).not.toBe(before);
  });
});

describe("state folders", () => {
  it("a path that is too long for a socket works", async () => {
    const bed = testBed({ dataDir: (home) => join(home, "d".repeat(100), "e".repeat(100)) });
    onTestFinished(() => void execFileSync("rm", ["-rf", socketFolder(bed.dataDir)]));
    expect((await bed.dispatch(send())).code).toBe(0);
    expect(socketFolder(bed.dataDir)).toMatch(/^\/tmp\/dispatch-\d+-/);
    expect(statSync(socketFolder(bed.dataDir)).mode & 0o777).toBe(0o700);
    expect((await bed.dispatch(["down"])).code).toBe(0);
  });

  it.each([
    ["below a file", (path: string) => writeFileSync(path.replace(/\/state$/, ""), ""), (home: string) => join(home, "file", "state"), /cannot be used: .*ENOTDIR/],
    ["that others may write into", (path: string) => (mkdirSync(path), chmodSync(path, 0o777)), (home: string) => join(home, "state"), /others may write into it/],
  ])("one %s is refused in plain words, and nothing is started", async (_what, prepare, dataDir, expected) => {
    const bed = testBed({ dataDir });
    prepare(bed.dataDir);
    const { code, stdout, stderr } = await bed.dispatch(send());
    expect([code, stdout]).toEqual([9, ""]);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(daemonsOf(bed)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)("one that this user cannot write is refused in plain words", async () => {
    const nobody = 65534;
    const bed = testBed();
    mkdirSync(bed.dataDir, { mode: 0o500 });
    chownSync(bed.dataDir, nobody, nobody);
    chmodSync(bed.home, 0o711);
    const { code, stderr } = await bed.dispatch(send(), { uid: nobody });
    expect(code).toBe(9);
    expect(stderr).toMatch(/^dispatch: The state folder .* cannot be used: .*EACCES/);
  });

  it.runIf(process.getuid?.() === 0)("one of another user is refused in plain words", async () => {
    const bed = testBed();
    mkdirSync(bed.dataDir, { mode: 0o700 });
    chownSync(bed.dataDir, 12345, 12345);
    const { code, stderr } = await bed.dispatch(send());
    expect(code).toBe(9);
    expect(stderr).toContain("it belongs to user 12345, not to you");
  });

  it("a damaged database is named, exits with its own code, and is left as it is", async () => {
    const bed = testBed();
    await bed.dispatch(send());
    await bed.dispatch(["down"]);
    const path = join(bed.dataDir, "coordinator.db");
    const damaged = Buffer.from(readFileSync(path).map((byte, index) => (index < 200 ? 0x58 : byte)));
    writeFileSync(path, damaged);
    const { code, stderr } = await bed.dispatch(send());
    expect(code).toBe(9);
    expect(stderr).toContain(`The database ${path} is damaged`);
    expect(stderr).toContain("Move the named file aside; nothing in it was changed.");
    expect(readFileSync(path).equals(damaged)).toBe(true);
    expect(daemonsOf(bed)).toEqual([]);
  });
});

it("node and coordinator run as programs of their own too, one of each per state folder", async () => {
  const bed = testBed();
  const node = bed.start([], { program: "dispatch-node" });
  await node.printed(/node is listening/);
  const coordinator = bed.start([], { program: "dispatch-coordinator" });
  await coordinator.printed(/coordinator is listening/);
  expect((await bed.dispatch(send("--no-autostart"))).code).toBe(0);
  expect(await bed.start([], { program: "dispatch-node" }).ended).toMatchObject({ code: 9, stderr: `dispatch-node: A node is running already for ${bed.dataDir}.\n` });
  expect((await bed.dispatch(["down"])).stderr).toContain("A coordinator runs for this state folder, but not as our background process");
  for (const { child, ended } of [coordinator, node]) {
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
  }
});
