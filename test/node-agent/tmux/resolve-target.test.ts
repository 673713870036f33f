import { expect, test } from "vitest";
import { resolveTarget } from "../../../node-agent/tmux/resolve-target.js";
import type { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { startTmux, type TestTmux } from "../../testkit/tmux.js";
import { openServer } from "./open-server.js";

/**
 * main:1 "edit" %0 | main:2 "a.b:c" %1, %2 (active) | main:3 "edit" %3 (current) | work:1 "logs" %4 | workshop:1 "x" %5; both index bases are 1.
 */
async function startSessions(): Promise<{ tmux: TestTmux; server: TmuxServer }> {
  const tmux = await startTmux();
  const set = (...args: string[]): Promise<string> => tmux.tmux("set-option", "-g", ...args);
  await set("base-index", "1");
  await set("-w", "pane-base-index", "1");
  await set("-w", "automatic-rename", "off");
  await tmux.tmux("move-window", "-r", "-t", "main");
  await tmux.tmux("rename-window", "-t", "%0", "edit");
  await tmux.tmux("new-window", "-t", "main:", "-n", "a.b:c", "cat");
  await tmux.tmux("split-window", "-t", "%1", "cat");
  await tmux.tmux("new-window", "-t", "main:", "-n", "edit", "cat");
  await tmux.tmux("new-session", "-d", "-s", "work", "-n", "logs", "cat");
  await tmux.tmux("new-session", "-d", "-s", "workshop", "-n", "x", "cat");
  return { tmux, server: await openServer(tmux) };
}

test("every form of address names one pane, by exact name or index", async () => {
  const { tmux, server } = await startSessions();
  const resolve = async (pane: string): Promise<string> => (await resolveTarget(server, "here", { machine: "", server: "", pane })).paneId;
  const window = await tmux.tmux("display-message", "-p", "-t", "%1", "#{window_id}");
  const session = await tmux.tmux("display-message", "-p", "-t", "%4", "#{session_id}");
  for (const [address, pane] of [
    ["%2", "%2"], [window, "%2"], [`${window}.1`, "%1"], [session, "%4"], ["main", "%3"], ["work", "%4"],
    ["main:1", "%0"], ["main:2", "%2"], ["main:2.1", "%1"], ["main:a.b:c", "%2"], ["main:a.b:c.1", "%1"], ["main:a.b:c.2", "%2"],
    ["work:logs", "%4"], ["work:logs.1", "%4"], ["workshop:1.1", "%5"], [`main:${window}.1`, "%1"],
  ] as const) expect([address, await resolve(address)]).toEqual([address, pane]);
  expect(await resolveTarget(server, "here", { machine: "", server: "", pane: "main:2.2" })).toEqual({
    machine: "here", server: tmux.socketPath, paneId: "%2", target: "main:2.2", panePid: (await server.look("%2")).panePid,
    window: "a.b:c", active: false, width: 100, height: 14,
  });
});

test("what tmux itself would match by prefix, pattern or place is not found, with what may have been meant", async () => {
  const { tmux, server } = await startSessions();
  const refusal = (pane: string): Promise<unknown> => resolveTarget(server, "here", { machine: "", server: "", pane }).then(() => "found", (error: unknown) => error);
  for (const address of ["wor", "worksh", "ma", "w*", "main:ed", "main:e*", "main:!", "main:^", "main:+", "main:.1", "{last}", "~", "main:0", "main:2.0", "main:2.3", "=work", "%99", "$9", "@99", "main:2.", ":1", "work:", "Work", "main:01"]) {
    expect([address, await refusal(address)]).toMatchObject([address, { reason: "not_found", metadata: { field: "target", value: address } }]);
  }
  expect(await tmux.tmux("display-message", "-p", "-t", "worksh:", "#{pane_id}")).toBe("%5");
  expect(await refusal("wrk")).toMatchObject({ message: 'There is no pane "wrk". Did you mean "work"?' });
  expect(await refusal("works")).toMatchObject({ metadata: { suggestions: "work, workshop" } });
  expect(await refusal("work:log")).toMatchObject({ message: 'There is no pane "work:log". Did you mean "work:logs"?' });
  expect(await refusal("main:4")).toMatchObject({ metadata: { suggestions: expect.stringContaining("main:3") as string } });
  expect(await refusal("%99")).toMatchObject({ message: 'There is no pane "%99".' });
  expect(await refusal("")).toMatchObject({ reason: "invalid_argument" });
});

test("an address with two readings is refused, naming both", async () => {
  const { tmux, server } = await startSessions();
  const resolve = (pane: string): Promise<unknown> => resolveTarget(server, "here", { machine: "", server: "", pane }).then((target) => target.paneId, (error: unknown) => error);
  expect(await resolve("main:edit")).toMatchObject({
    reason: "ambiguous_target", message: '"main:edit" names more than one pane: main:1.1 (%0), main:3.1 (%3).',
  });
  await tmux.tmux("rename-window", "-t", "%0", "2.1");
  expect(await resolve("main:2.1")).toMatchObject({ reason: "ambiguous_target", metadata: { panes: "main:1.1 (%0), main:2.1 (%1)" } });
  await tmux.tmux("rename-window", "-t", "%0", "3");
  expect(await resolve("main:3")).toMatchObject({ reason: "ambiguous_target" });
  expect(await resolve("main:edit")).toBe("%3");
});

test("names that look like ids are names too: what a listing shows of a pane never names another", async () => {
  const { tmux, server } = await startSessions();
  const session = await tmux.tmux("display-message", "-p", "-t", "%4", "#{session_id}");
  const window = await tmux.tmux("display-message", "-p", "-t", "%0", "#{window_id}");
  await tmux.tmux("new-session", "-d", "-s", session, "-n", "x", "cat");
  await tmux.tmux("new-session", "-d", "-s", "%0", "-n", window, "cat");
  const resolve = (pane: string): Promise<unknown> => resolveTarget(server, "here", { machine: "", server: "", pane }).then((target) => target.paneId, (error: unknown) => error);
  for (const address of [session, `${session}:1.1`]) expect([address, await resolve(address)]).toMatchObject([address, { reason: "ambiguous_target" }]);
  expect(await resolve("%0:1.1")).toBe("%7");
  expect(await resolve(`%0:${window}`)).toBe("%7");
  expect(await resolve("%0")).toBe("%0");
  expect(await resolve(window)).toBe("%0");
});

test("a window that two sessions show is one pane under each of its names", async () => {
  const { tmux, server } = await startSessions();
  await tmux.tmux("link-window", "-s", "%4", "-t", "main:7");
  const resolve = async (pane: string): Promise<unknown> => (await resolveTarget(server, "here", { machine: "", server: "", pane })).target;
  expect(await resolve("main:7")).toBe("main:7.1");
  expect(await resolve("work")).toBe("work:1.1");
  // Linked last, so it is the current window of neither or of both: any of its names is right.
  expect(["main:7.1", "work:1.1"]).toContain(await resolve("%4"));
});

test("names with blanks, quotes, other scripts and control characters are found as tmux keeps them", async () => {
  const tmux = await startTmux(["cat"], { sessionName: `it's "a b" ##{pid} é漢 %` });
  await tmux.tmux("set-option", "-g", "automatic-rename", "off");
  await tmux.tmux("rename-window", "-t", "%0", `tab\there 'n' "q" 🙂 % ##{pid}`);
  await tmux.tmux("new-session", "-d", "-s", "dots.and:colons", "-n", "cat", "cat");
  const server = await openServer(tmux);
  const panes = await server.listPanes();
  expect(panes.map((pane) => [pane.sessionName, pane.windowName]).toSorted()).toEqual([
    [`it's "a b" #{pid} é漢 %`, String.raw`tab\there 'n' "q" 🙂 % #{pid}`], ["dots_and_colons", "cat"],
  ].toSorted());
  for (const pane of panes) {
    for (const address of [pane.sessionName, `${pane.sessionName}:${pane.windowName}`, `${pane.sessionName}:${pane.windowName}.0`, `${pane.sessionName}:0.0`]) {
      expect((await resolveTarget(server, "here", { machine: "", server: "", pane: address })).paneId).toBe(pane.paneId);
    }
  }
});
