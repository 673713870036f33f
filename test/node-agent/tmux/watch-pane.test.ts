import { expect, test } from "vitest";
import type { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { eventually, startTmux, type TestTmux } from "../../testkit/tmux.js";
import { openServer } from "./open-server.js";

interface Watched { calls(): number; stop(): void; next(what: string, act: () => Promise<unknown>): Promise<void> }

/** Watches a pane; `next` acts and waits for a call that comes after. */
async function watch(server: TmuxServer, paneId: string): Promise<Watched> {
  let calls = 0;
  const stop = await server.watchPane(paneId, () => { calls++; });
  return {
    calls: () => calls, stop,
    async next(what, act) {
      const before = calls;
      await act();
      await eventually(() => calls > before, what);
    },
  };
}

/** Control clients by the session they are attached to. */
async function clientSessions(tmux: TestTmux): Promise<string[]> {
  return (await tmux.tmux("list-clients", "-F", "#{session_name}")).split("\n").filter((line) => line !== "").toSorted();
}

test("output, mode, size and end of a pane are told; output of other panes is not", async () => {
  const tmux = await startTmux();
  await tmux.tmux("split-window", "-t", "%0", "cat");
  const server = await openServer(tmux);
  const watched = await watch(server, "%0");
  await watched.next("output", () => tmux.tmux("send-keys", "-t", "%0", "a"));
  await watched.next("copy mode", () => tmux.tmux("copy-mode", "-t", "%0"));
  await watched.next("end of copy mode", () => server.leaveCopyMode("%0"));
  await watched.next("layout", () => tmux.tmux("resize-pane", "-t", "%0", "-y", "20"));
  const other = await watch(server, "%1");
  const before = watched.calls();
  await other.next("output of the other", () => tmux.tmux("send-keys", "-t", "%1", "b"));
  expect(watched.calls()).toBe(before);
  await watched.next("end", () => tmux.tmux("kill-pane", "-t", "%0"));
  await expect(server.watchPane("%0", () => {})).rejects.toMatchObject({ reason: "not_found" });
});

test("a report to the terminal program alone draws nothing and is not told; a title and a shell's mark are, and so is what is drawn beside a report", async () => {
  const tmux = await startTmux(["sh", "-c", "stty -echo; while read -r line; do printf \"$line\"; done"]);
  const server = await openServer(tmux);
  let calls = 0;
  let written = "";
  await server.watchPane("%0", () => { calls++; }, (bytes) => { written += bytes.toString("latin1"); });
  const say = async (line: string, told: string): Promise<number> => {
    const before = calls;
    written = "";
    await tmux.tmux("send-keys", "-l", "-t", "%0", line);
    await tmux.tmux("send-keys", "-t", "%0", "Enter");
    await eventually(() => written.endsWith(told), line);
    return calls - before;
  };
  expect(await say("ready", "ready")).toBeGreaterThan(0);
  for (const [end, told] of [["\\033\\134", "\x1b\\"], ["\\007", "\x07"]] as const) {
    expect(await say(`\\033]7501;state=idle${end}\\033]1337;x=1${end}`, told)).toBe(0);
    expect(await say(`\\033]0;title${end}`, told)).toBeGreaterThan(0);
    expect(await say(`\\033]133;D;0${end}`, told)).toBeGreaterThan(0);
    expect(await say(`\\033]7501;state=idle${end}x`, "x")).toBeGreaterThan(0);
  }
});

test("the end and the replacement of a process in a pane that stays are told", async () => {
  const tmux = await startTmux();
  await tmux.tmux("set-option", "-g", "remain-on-exit", "on");
  const server = await openServer(tmux);
  const watched = await watch(server, "%0");
  const { panePid } = await server.look("%0");
  await watched.next("death", async () => process.kill(panePid, "SIGKILL"));
  expect((await server.look("%0")).dead).toBe(true);
  await watched.next("replacement", () => tmux.tmux("respawn-pane", "-t", "%0", "sleep 1000"));
});

test("what was so when the watch began is no change", async () => {
  const tmux = await startTmux();
  await tmux.tmux("set-option", "-g", "remain-on-exit", "on");
  await tmux.tmux("split-window", "-t", "%0", "cat");
  const server = await openServer(tmux);
  const [watched, other] = [await watch(server, "%0"), await watch(server, "%1")];
  const { panePid } = await server.look("%1");
  // One report tells the processes of the whole window.
  await other.next("death of the other", async () => process.kill(panePid, "SIGKILL"));
  expect(watched.calls()).toBe(0);
});

test("panes of any session are watched, through one client for each session; several watchers of one pane share it", async () => {
  const tmux = await startTmux(["cat"], { sessionName: "one" });
  await tmux.tmux("new-session", "-d", "-s", "two", "cat");
  await tmux.tmux("new-window", "-d", "-t", "two:", "cat");
  const server = await openServer(tmux);
  const [a, b, c, again] = await Promise.all(["%0", "%1", "%2", "%1"].map((pane) => watch(server, pane))) as [Watched, Watched, Watched, Watched];
  expect(await clientSessions(tmux)).toEqual(["one", "one", "two"]);
  await a.next("one", () => tmux.tmux("send-keys", "-t", "%0", "a"));
  await b.next("two", () => tmux.tmux("send-keys", "-t", "%1", "b"));
  await c.next("two, not the current window", () => tmux.tmux("send-keys", "-t", "%2", "c"));
  b.stop();
  await again.next("two, by the other watcher", () => tmux.tmux("send-keys", "-t", "%1", "d"));
});

test("a pane that moves to another session is followed", async () => {
  const tmux = await startTmux(["cat"], { sessionName: "one" });
  await tmux.tmux("new-window", "-d", "-t", "one:", "cat");
  await tmux.tmux("new-session", "-d", "-s", "two", "cat");
  const server = await openServer(tmux);
  const watched = await watch(server, "%1");
  await watched.next("the move", () => tmux.tmux("move-window", "-s", "%1", "-t", "two:"));
  await eventually(async () => (await clientSessions(tmux)).includes("two"), "a client in the new session");
  await watched.next("output after the move", () => tmux.tmux("send-keys", "-t", "%1", "a"));
  await watched.next("the pane's own window", () => tmux.tmux("break-pane", "-d", "-s", "%1", "-t", "one:"));
  await eventually(async () => { await tmux.tmux("send-keys", "-t", "%1", "b"); return (await clientSessions(tmux)).filter((name) => name === "one").length === 2; }, "a client in the old session");
  await watched.next("output after the way back", () => tmux.tmux("send-keys", "-t", "%1", "c"));
});

test("a window that two sessions show stays watched when one of them ends", async () => {
  const tmux = await startTmux(["cat"], { sessionName: "one" });
  await tmux.tmux("new-session", "-d", "-s", "two", "cat");
  await tmux.tmux("link-window", "-s", "%0", "-t", "two:5");
  await tmux.tmux("set-option", "-g", "detach-on-destroy", "off");
  const server = await openServer(tmux);
  const watched = await watch(server, "%0");
  for (const session of ["one", "two"]) {
    if (!(await clientSessions(tmux)).includes(session)) continue;
    await tmux.tmux("kill-session", "-t", `=${session}`);
    break;
  }
  await eventually(async () => {
    const before = watched.calls();
    await tmux.tmux("send-keys", "-t", "%0", "a");
    await server.look("%0");
    return watched.calls() > before;
  }, "output through the other session");
  expect(await server.look("%0")).toMatchObject({ dead: false });
});

test("a client that nobody needs is closed after a while, and comes back when needed", async () => {
  const tmux = await startTmux();
  const timers: { delayMs: number; action: () => void }[] = [];
  const server = await openServer(tmux, {
    clock: {
      now: () => new Date(), monotonicMs: () => 0,
      after: (delayMs, action) => {
        const timer = { delayMs, action };
        timers.push(timer);
        return () => { timers.splice(timers.indexOf(timer), 1); };
      },
    },
  });
  const first = await watch(server, "%0");
  first.stop();
  const second = await watch(server, "%0");
  expect(await clientSessions(tmux)).toEqual(["main", "main"]);
  expect(timers.filter((timer) => timer.delayMs === 30_000)).toEqual([]);
  second.stop();
  second.stop();
  const [idle, ...more] = timers.filter((timer) => timer.delayMs === 30_000);
  expect(more).toEqual([]);
  idle?.action();
  await eventually(async () => (await clientSessions(tmux)).length === 1, "the end of the unused client");
  const third = await watch(server, "%0");
  await third.next("output", () => tmux.tmux("send-keys", "-t", "%0", "a"));
});

test("a pane that was watched a moment ago is heard at once when it is watched again, and is not found once it has ended", async () => {
  const tmux = await startTmux();
  await tmux.tmux("split-window", "-t", "%0", "cat");
  const server = await openServer(tmux);
  for (let round = 0; round < 5; round++) {
    const watched = await watch(server, "%0");
    await watched.next("output", () => tmux.tmux("send-keys", "-t", "%0", "a"));
    watched.stop();
  }
  await tmux.tmux("kill-pane", "-t", "%0");
  await eventually(() => server.watchPane("%0", () => {}).then((stop) => (stop(), false), (error: unknown) => (error as { reason?: string }).reason === "not_found"), "its end");
});

test("the server's death is told to every watcher", async () => {
  const tmux = await startTmux();
  await tmux.tmux("new-session", "-d", "-s", "two", "cat");
  const server = await openServer(tmux);
  const watched = await Promise.all(["%0", "%1"].map((pane) => watch(server, pane)));
  const before = watched.map((each) => each.calls());
  process.kill(await tmux.pid(), "SIGKILL");
  await eventually(() => watched.every((each, i) => each.calls() > (before[i] ?? 0)), "the call to each");
});

test("a flood of output is told in batches and never holds up commands", async () => {
  const tmux = await startTmux(["sh", "-c", "read go; seq 200000; exec cat"]);
  const server = await openServer(tmux);
  const watched = await watch(server, "%0");
  const before = watched.calls();
  await tmux.tmux("send-keys", "-t", "%0", "Enter");
  await eventually(async () => (await server.look("%0")).rows.some((row) => row.text === "200000"), "the end of the flood", 20_000);
  const calls = watched.calls() - before;
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThan(20_000);
}, 30_000);
