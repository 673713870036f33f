import fc from "fast-check";
import { expect, test } from "vitest";
import { safeSnippet } from "../../../node-agent/tmux/guarded-input.js";
import type { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { eventually, startTmux, type TestTmux } from "../../testkit/tmux.js";
import { openServer } from "./open-server.js";

async function startPane(...command: string[]): Promise<{ tmux: TestTmux; server: TmuxServer; guard: { paneId: string; panePid: number } }> {
  const tmux = await startTmux(command.length > 0 ? command : ["cat"]);
  const server = await openServer(tmux);
  return { tmux, server, guard: { paneId: "%0", panePid: (await server.look("%0")).panePid } };
}

async function screenText(server: TmuxServer, paneId = "%0"): Promise<string> {
  return (await server.look(paneId)).rows.map((row) => row.text).join("\n").trimEnd();
}

async function shown(server: TmuxServer, text: string, paneId = "%0"): Promise<void> {
  await eventually(async () => (await screenText(server, paneId)).includes(text), `"${text}" on the screen`);
}

test("a dead pane is refused, and the tmux server with all its sessions lives", async () => {
  const { tmux, server } = await startPane();
  await tmux.tmux("set-option", "-g", "remain-on-exit", "on");
  await tmux.tmux("new-window", "-t", "main:", "--", "sh", "-c", "read line");
  const [, pane] = await server.listPanes();
  const guard = { paneId: pane?.paneId ?? "", panePid: pane?.panePid ?? 0 };
  const serverPid = await tmux.pid();
  process.kill(guard.panePid, "SIGKILL");
  await eventually(async () => (await server.look(guard.paneId)).dead, "the dead pane");
  expect(await server.type(guard, "text", "m1")).toBe("stale");
  expect(await server.press(guard, "Enter", "m1")).toBe("stale");
  expect(await tmux.pid()).toBe(serverPid);
  expect(await tmux.tmux("list-buffers")).toBe("");
});

test("a program that ends in the middle of many pastes never takes the server down", async () => {
  const { tmux, server } = await startPane();
  await tmux.tmux("set-option", "-g", "remain-on-exit", "on");
  const serverPid = await tmux.pid();
  const seen = new Set<string>();
  for (let round = 0; round < 10; round++) {
    await tmux.tmux("respawn-pane", "-k", "-t", "%0", "cat");
    const { panePid } = await server.look("%0");
    const results = Array.from({ length: 20 }, async (_, i) => {
      const result = await server.type({ paneId: "%0", panePid }, `round ${round} paste ${i}\n`, `m${round}-${i}`);
      if (i === 5) process.kill(panePid, "SIGKILL");
      return result;
    });
    for (const result of await Promise.all(results)) seen.add(result);
    await eventually(async () => (await server.look("%0")).dead, "the dead pane");
    expect(await server.type({ paneId: "%0", panePid }, "text", `m${round}-dead`)).toBe("stale");
  }
  expect([...seen]).toContain("typed");
  expect(await tmux.pid()).toBe(serverPid);
});

test("a process that replaced the one that was looked at gets nothing", async () => {
  const { tmux, server, guard } = await startPane();
  await tmux.tmux("respawn-pane", "-k", "-t", "%0", "cat");
  expect(await server.type(guard, "for the old one", "m1")).toBe("stale");
  expect(await server.press(guard, "x", "m1")).toBe("stale");
  const now = { paneId: "%0", panePid: (await server.look("%0")).panePid };
  expect(now.panePid).not.toBe(guard.panePid);
  expect(await server.type(now, "for the new one", "m1")).toBe("typed");
  await shown(server, "for the new one");
  expect(await screenText(server)).toBe("for the new one");
});

test("a pane that is gone gets nothing, nor does another pane in its place", async () => {
  const { tmux, server, guard } = await startPane();
  await tmux.tmux("split-window", "-t", "%0", "cat");
  await tmux.tmux("kill-pane", "-t", "%0");
  expect(await server.type(guard, "text", "m1")).toBe("stale");
  expect(await server.press(guard, "x", "m1")).toBe("stale");
  expect(await screenText(server, "%1")).toBe("");
  await expect(server.look("%0")).rejects.toMatchObject({ reason: "not_found" });
});

test.each(["copy-mode", "clock-mode", "choose-tree"])("in %s nothing is typed; after leaving it, it is", async (mode) => {
  const { tmux, server, guard } = await startPane();
  await tmux.tmux(mode, "-t", "%0");
  expect((await server.look("%0")).inMode).toBe(true);
  expect(await server.type(guard, "text", "m1")).toBe("stale");
  expect(await server.press(guard, "x", "m1")).toBe("stale");
  await server.leaveCopyMode("%0");
  await server.leaveCopyMode("%0");
  expect((await server.look("%0")).inMode).toBe(false);
  expect(await server.type(guard, "text", "m1")).toBe("typed");
  expect(await server.press(guard, "x", "m1")).toBe("pressed");
  await shown(server, "textx");
});

test("a cursor that moved since the look makes it stale", async () => {
  const { tmux, server, guard } = await startPane();
  const { cursorX: x, cursorY: y } = await server.look("%0");
  await tmux.tmux("send-keys", "-t", "%0", "ab");
  await shown(server, "ab");
  expect(await server.type({ ...guard, cursor: { x, y } }, "text", "m1")).toBe("stale");
  expect(await server.press({ ...guard, cursor: { x: 2, y: 1 } }, "x", "m1")).toBe("stale");
  expect(await server.press({ ...guard, cursor: { x: 2, y: 0 } }, "c", "m2")).toBe("pressed");
  await shown(server, "abc");
  expect(await server.type({ ...guard, cursor: { x: 3, y: 0 } }, "d", "m2")).toBe("typed");
  await shown(server, "abcd");
});

test("what must and must not show is looked for on the visible screen alone, case told apart", async () => {
  const { server, guard } = await startPane("sh", "-c", "seq -f 'old row %g' 40; printf 'Do you want to proceed\\n  1. Yes\\n'; exec cat");
  await shown(server, "1. Yes");
  const press = (conditions: { mustShow?: string; mustNotShow?: string[] }, mark: string): Promise<string> => server.press({ ...guard, ...conditions }, "x", mark);
  expect(await press({ mustShow: "want to proceed" }, "a")).toBe("pressed");
  expect(await press({ mustShow: "Do you want" }, "b")).toBe("pressed");
  expect(await press({ mustShow: "want  to" }, "c")).toBe("stale");
  expect(await press({ mustShow: "WANT TO PROCEED" }, "d")).toBe("stale");
  expect(await press({ mustShow: "old row 40", mustNotShow: ["old row 1 x", "Esc to cancel"] }, "e")).toBe("pressed");
  expect(await press({ mustShow: "old row 5" }, "f")).toBe("stale");
  expect(await press({ mustNotShow: ["old row 5"] }, "g")).toBe("pressed");
  expect(await press({ mustNotShow: ["Esc to cancel", "you want"] }, "h")).toBe("stale");
});

test("a row that wraps is two rows to the guard, and wide characters stand between words without harm", async () => {
  const { server, guard } = await startPane("sh", "-c", `printf '%s\\n漢字 wide words 🙂 here\\n' "${"a".repeat(97)} split words"; exec cat`);
  await shown(server, "here");
  expect(await server.press({ ...guard, mustShow: "split words" }, "x", "a")).toBe("stale");
  expect(await server.press({ ...guard, mustShow: "wide words" }, "x", "b")).toBe("pressed");
});

test("many snippets are one guard", async () => {
  const { tmux, server, guard } = await startPane();
  const mustNotShow = Array.from({ length: 200 }, (_, i) => `snippet number ${i} of many`);
  expect(await server.press({ ...guard, mustNotShow }, "x", "a")).toBe("pressed");
  await tmux.tmux("send-keys", "-t", "%0", "snippet number 199 of many");
  await shown(server, "of many");
  expect(await server.press({ ...guard, mustNotShow }, "x", "b")).toBe("stale");
});

test("another foreground program, another screen or another sender since the look make it stale", async () => {
  const { tmux, server, guard } = await startPane("sh", "-c", "set -m; cat; set +m; printf '\\033[?1049h'; exec sleep 1000");
  const seen = await eventually(async () => { const screen = await server.look("%0"); return screen.command === "cat" ? screen : undefined; }, "cat");
  expect(seen).toMatchObject({ command: "cat", alternate: false, typedMark: "" });
  const asSeen = { ...guard, command: seen.command, alternate: seen.alternate, typedMark: seen.typedMark };
  expect(await server.type(asSeen, "first", "m1")).toBe("typed");
  expect(await server.type(asSeen, "second", "m2")).toBe("stale");
  expect(await server.type({ ...asSeen, typedMark: "m1" }, "second", "m2")).toBe("typed");
  await tmux.tmux("send-keys", "-t", "%0", "Enter", "C-d");
  await eventually(async () => (await server.look("%0")).alternate, "the other program");
  expect(await server.press({ ...guard, command: "cat" }, "x", "p1")).toBe("stale");
  expect(await server.press({ ...guard, alternate: false }, "x", "p1")).toBe("stale");
  expect(await server.press({ ...guard, command: "sleep", alternate: true, typedMark: "m2" }, "x", "p1")).toBe("pressed");
});

test("keys that would reach other panes too, or nobody, are refused", async () => {
  const { tmux, server, guard } = await startPane();
  await tmux.tmux("split-window", "-t", "%0", "cat");
  await tmux.tmux("set-option", "-w", "-t", "%0", "synchronize-panes", "on");
  await expect(server.press(guard, "x", "m1")).rejects.toMatchObject({ reason: "pane_input_blocked" });
  await expect(server.type(guard, "text", "m1")).rejects.toMatchObject({ reason: "pane_input_blocked" });
  expect(await screenText(server, "%1")).toBe("");
  await tmux.tmux("kill-pane", "-t", "%1");
  expect(await server.press(guard, "x", "m1")).toBe("pressed");
  await tmux.tmux("select-pane", "-d", "-t", "%0");
  await expect(server.type(guard, "text", "m1")).rejects.toMatchObject({ reason: "pane_input_blocked" });
  await tmux.tmux("select-pane", "-e", "-t", "%0");
  expect(await server.type(guard, "text", "m1")).toBe("typed");
  await shown(server, "xtext");
});

test("no word of the guard can become a tmux command or a literal text", async () => {
  const { server, guard } = await startPane();
  const bad = (act: () => Promise<unknown>): Promise<void> => expect(act()).rejects.toBeInstanceOf(RangeError);
  await bad(() => server.press(guard, "hello", "m"));
  await bad(() => server.press(guard, "Enter ; kill-server", "m"));
  await bad(() => server.press(guard, "Enter", "m' ; kill-server"));
  await bad(() => server.press({ ...guard, mustShow: "#{pid}" }, "Enter", "m"));
  await bad(() => server.press({ ...guard, mustNotShow: ["a*b"] }, "Enter", "m"));
  await bad(() => server.press({ paneId: "main", panePid: guard.panePid }, "Enter", "m"));
  await bad(() => server.type({ paneId: "%0", panePid: Number.NaN }, "x", "m"));
  await bad(async () => server.look("%0 ; kill-server"));
  await bad(async () => server.capture("main:0", 10));
  await bad(async () => server.leaveCopyMode("="));
});

test("a safe snippet is a run of letters, digits and blanks out of the text", () => {
  expect(safeSnippet("run the tests, please")).toBe("run the tests");
  expect(safeSnippet("a-b-c 漢字 d.e")).toBeUndefined();
  expect(safeSnippet("#{pid} *** [x] fix  it ")).toBe("fix  it");
  fc.assert(fc.property(fc.array(fc.constantFrom("a", "Z", "9", " ", "run it", "é", "漢", "-", "#{", "*", "\n"), { maxLength: 60 }).map((parts) => parts.join("")), (text) => {
    const snippet = safeSnippet(text);
    if (snippet === undefined) return;
    expect(text).toContain(snippet);
    expect(snippet).toMatch(/^[A-Za-z0-9][A-Za-z0-9 ]{1,38}[A-Za-z0-9]$/u);
  }));
});
