import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import type { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { eventually, startTmux, type TestTmux } from "../../testkit/tmux.js";
import { openServer } from "./open-server.js";

function exitOf(server: TmuxServer): Promise<string> {
  return new Promise((resolve) => { server.onExit(resolve); });
}

/** Pids of the control clients that are attached. */
async function clients(tmux: TestTmux): Promise<number[]> {
  return (await tmux.tmux("list-clients", "-F", "#{client_pid}")).split("\n").filter((line) => line !== "").map(Number);
}

test.each(["kill-server", "SIGKILL"])("the death of the server by %s is an event, and every call then says so", async (how) => {
  const tmux = await startTmux();
  const server = await openServer(tmux);
  const exits: string[] = [];
  server.onExit((reason) => exits.push(reason));
  const exit = exitOf(server);
  const pid = await tmux.pid();
  expect(server.incarnation).toMatch(new RegExp(`^${pid}:\\d+$`, "u"));
  const pending = Promise.allSettled([server.look("%0"), server.listPanes(), server.look("%0")]);
  if (how === "SIGKILL") process.kill(pid, "SIGKILL");
  else await tmux.tmux("kill-server");
  await exit;
  for (const settled of await pending) {
    if (settled.status === "rejected") expect(settled.reason).toMatchObject({ reason: "tmux_lost" });
  }
  await expect(server.look("%0")).rejects.toMatchObject({ reason: "tmux_lost" });
  await expect(server.type({ paneId: "%0", panePid: 1 }, "x", "m")).rejects.toMatchObject({ reason: "tmux_lost" });
  await expect(server.watchPane("%0", () => {})).rejects.toMatchObject({ reason: "tmux_lost" });

  const successor = await startTmux(["cat"], { socketPath: tmux.socketPath });
  const opened = await openServer(successor);
  expect(opened.incarnation).not.toBe(server.incarnation);
  expect(await opened.listPanes()).toHaveLength(1);
  await expect(server.listPanes()).rejects.toMatchObject({ reason: "tmux_lost" });
  expect(exits).toHaveLength(1);
  expect(await exitOf(server)).toBe(exits[0]);
});

test("two servers know nothing of each other", async () => {
  const one = await startTmux(["cat"], { sessionName: "one" });
  const two = await startTmux(["cat"], { sessionName: "two" });
  const [first, second] = [await openServer(one), await openServer(two)];
  expect(first.incarnation).not.toBe(second.incarnation);
  const exit = exitOf(first);
  await one.tmux("kill-server");
  await exit;
  const [pane] = await second.listPanes();
  expect(pane).toMatchObject({ sessionName: "two", paneId: "%0" });
  expect(await second.type({ paneId: "%0", panePid: pane?.panePid ?? 0 }, "still here", "m")).toBe("typed");
});

test("the session we are attached to may end while others live: nothing is lost, nothing is typed twice", async () => {
  const tmux = await startTmux(["cat"], { sessionName: "s0" });
  const server = await openServer(tmux);
  server.onExit((reason) => { throw new Error(`told as dead: ${reason}`); });
  await tmux.tmux("new-session", "-d", "-s", "keep", "cat");
  const keep = (await server.listPanes()).find((pane) => pane.sessionName === "keep");
  const guard = { paneId: keep?.paneId ?? "", panePid: keep?.panePid ?? 0 };
  for (let round = 0; round < 8; round++) {
    await tmux.tmux("new-session", "-d", "-s", `s${round + 1}`, "cat");
    const calls: Promise<unknown>[] = [];
    const typed: Promise<string>[] = [];
    for (let i = 0; i < 10; i++) {
      calls.push(server.look(guard.paneId), server.listPanes());
      typed.push(server.type(guard, `r${round}i${i}\n`, `m${round}-${i}`));
      if (i === 5) calls.push(tmux.tmux("kill-session", "-t", `=s${round}`));
    }
    await Promise.all(calls);
    expect(new Set(await Promise.all(typed))).toEqual(new Set(["typed"]));
  }
  const wanted = Array.from({ length: 80 }, (_, i) => `r${Math.floor(i / 10)}i${i % 10}`);
  await eventually(async () => (await server.capture(guard.paneId, 200)).includes("r7i9"), "the last text");
  await server.press(guard, "Enter", "end");
  let missing: string[] = [];
  const counts = await eventually(async () => {
    const lines = (await server.capture(guard.paneId, 2000)).split("\n");
    const seen = wanted.map((text) => lines.filter((line) => line === text).length);
    // Each line shows twice: the terminal's echo and cat's answer.
    missing = wanted.filter((_, index) => (seen[index] ?? 0) < 2);
    return missing.length === 0 ? seen : undefined;
  }, "all texts").catch((error: unknown) => {
    throw new Error(`not all texts are there twice: ${missing.join(" ")}`, { cause: error });
  });
  expect(new Set(counts)).toEqual(new Set([2]));
});

test("somebody who detaches our client does no harm", async () => {
  const tmux = await startTmux();
  const server = await openServer(tmux);
  const [before] = await clients(tmux);
  await tmux.tmux("detach-client", "-s", "main");
  expect(await server.listPanes()).toHaveLength(1);
  const [after] = await clients(tmux);
  expect(after).not.toBe(before);
  expect(await clients(tmux)).toHaveLength(1);
});

test("the end of the last session is the end of the server", async () => {
  const tmux = await startTmux();
  const server = await openServer(tmux);
  const exit = exitOf(server);
  await tmux.tmux("kill-session", "-t", "=main");
  await exit;
  await expect(server.listPanes()).rejects.toMatchObject({ reason: "tmux_lost" });
});

test("attaching leaves the session as it was: size, environment, and its end when nobody is attached", async () => {
  const tmux = await startTmux();
  await tmux.tmux("set-environment", "-t", "main", "SSH_AUTH_SOCK", "/users/own");
  const server = await openServer(tmux, { environment: { ...tmux.environment, SSH_AUTH_SOCK: "/of/the/node", TMUX: "/elsewhere,1,0", TMUX_PANE: "%9", LC_ALL: "C" } });
  await tmux.tmux("set-option", "-g", "window-size", "latest");
  await server.watchPane("%0", () => {});
  expect(await tmux.tmux("display-message", "-p", "-t", "%0", "#{window_width}x#{window_height}")).toBe("100x30");
  expect(await tmux.tmux("show-environment", "-t", "main", "SSH_AUTH_SOCK")).toBe("SSH_AUTH_SOCK=/users/own");
  await tmux.tmux("new-session", "-d", "-s", "a-passing-one", "cat");
  await tmux.tmux("set-option", "-t", "=a-passing-one:", "destroy-unattached", "on");
  await tmux.tmux("new-session", "-d", "-s", "lasting", "cat");
  await tmux.tmux("kill-session", "-t", "=main");
  expect((await server.listPanes()).map((pane) => pane.sessionName)).toContain("lasting");
  expect(new Set((await tmux.tmux("list-clients", "-F", "#{session_name}")).split("\n"))).toEqual(new Set(["lasting"]));
});

test("characters beyond ASCII come through without any locale", async () => {
  const tmux = await startTmux(["sh", "-c", "printf '❯ é漢 🙂'; exec cat"], { sessionName: "é漢" });
  const server = await openServer(tmux, { environment: { PATH: tmux.environment["PATH"] } });
  await eventually(async () => (await server.look("%0")).rows[0]?.text === "❯ é漢 🙂", "the text");
  expect((await server.listPanes())[0]?.sessionName).toBe("é漢");
  expect(await server.capture("%0", 5)).toBe("❯ é漢 🙂");
});

test("a folder and a command with line ends and tabs in their names cannot forge panes", async () => {
  const tmux = await startTmux();
  const folder = path.join(tmux.folder, "odd\t%9\n%8 x");
  await tmux.tmux("new-window", "-t", "main:", "--", "sh", "-c", 'mkdir "$1"; cd "$1"; exec cat', "sh", folder);
  const server = await openServer(tmux);
  const panes = await eventually(async () => {
    const listed = await server.listPanes();
    return listed[1]?.cwd === folder ? listed : undefined;
  }, "the folder");
  expect(panes.map((pane) => pane.paneId)).toEqual(["%0", "%1"]);
});

test("a server that stops answering is lost, not waited for", async () => {
  const tmux = await startTmux();
  const timers = new Set<() => void>();
  const server = await openServer(tmux, { clock: { now: () => new Date(), monotonicMs: () => 0, after: (_, action) => { timers.add(action); return () => { timers.delete(action); }; } } });
  const pid = await tmux.pid();
  process.kill(pid, "SIGSTOP");
  try {
    const look = server.look("%0");
    const typed = server.type({ paneId: "%0", panePid: 1 }, "x", "m");
    const settled = Promise.allSettled([look, typed]);
    await eventually(() => timers.size >= 2, "both commands on their way");
    for (const fire of timers) fire();
    for (const result of await settled) expect(result).toMatchObject({ status: "rejected", reason: { reason: "tmux_lost" } });
  } finally {
    process.kill(pid, "SIGCONT");
  }
}, 15_000);

test("without a file descriptor to spare it is told that it could not attach, and the process lives", async () => {
  const { socketPath } = await startTmux();
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const words = [process.execPath, file("../../testkit/run-ts.mjs"), file("./attach-without-descriptors.ts"), socketPath];
  const { stdout } = await promisify(execFile)("sh", ["-c", 'ulimit -n 128; exec "$@"', "sh", ...words]);
  expect(stdout).toMatch(/^tmux control client ended: .*EMFILE\nThe pane cannot be watched: .*EMFILE\.\nthen attached\n$/u);
}, 20_000);

test("no child is left after close", async () => {
  const tmux = await startTmux();
  const server = await openServer(tmux);
  const stop = await server.watchPane("%0", () => {});
  const pids = await clients(tmux);
  expect(pids).toHaveLength(2);
  stop();
  await server.close();
  expect(await clients(tmux)).toEqual([]);
  expect(pids.map(isGone)).toEqual([true, true]);
});

test("when the node is killed amid output, its children end and the tmux server is free of them", async () => {
  const tmux = await startTmux(["sh", "-c", "while :; do echo noise; done"]);
  const bundle = path.join(tmux.folder, "hold.mjs");
  await build({
    bundle: true, platform: "node", format: "esm", outfile: bundle, logLevel: "error",
    stdin: {
      resolveDir: fileURLToPath(new URL("../../..", import.meta.url)), loader: "ts",
      contents: `import { systemClock } from "./core/clock.ts"; import { TmuxServer } from "./node-agent/tmux/tmux-server.ts";
        const server = await TmuxServer.open(process.argv[2], { clock: systemClock, environment: process.env, temporaryFolder: process.argv[3] });
        await server.watchPane("%0", () => {}); console.log("open");`,
    },
  });
  const holder = spawn(process.execPath, [bundle, tmux.socketPath, path.join(tmux.folder, "paste")], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => { holder.stdout.once("data", resolve); });
  const pids = await clients(tmux);
  expect(pids).toHaveLength(2);
  holder.kill("SIGKILL");
  await eventually(() => pids.every(isGone), "the end of the control clients");
  expect(await clients(tmux)).toEqual([]);
  const serverPid = await tmux.pid();
  await tmux.tmux("kill-server");
  await eventually(() => isGone(serverPid), "the end of the tmux server");
}, 15_000);

function isGone(pid: number): boolean {
  try {
    return /^State:\s*Z/mu.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}
