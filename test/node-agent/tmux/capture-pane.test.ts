import { expect, test } from "vitest";
import type { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { eventually, startTmux } from "../../testkit/tmux.js";
import { openServer } from "./open-server.js";

/** A pane in which a shell script has printed everything up to its line `done`. */
async function printed(script: string): Promise<TmuxServer> {
  const tmux = await startTmux(["sh", "-c", `${script}; echo done; exec cat`]);
  const server = await openServer(tmux);
  await eventually(async () => (await server.look("%0")).rows.some((row) => row.text === "done"), "the script's end");
  return server;
}

test("the blank tail of a screen does not count, blank lines in between do", async () => {
  const server = await printed("printf 'one\\n\\n\\n  two  \\n'");
  expect(await server.capture("%0", 200)).toBe("one\n\n\n  two\ndone");
  expect(await server.capture("%0", 2)).toBe("  two\ndone");
  expect(await server.capture("%0", 1)).toBe("done");
});

test("scrollback is included and wrapped rows are one line, also across the edge of what was asked for", async () => {
  const server = await printed(`for i in $(seq 100); do printf 'line %s ' $i; head -c 250 /dev/zero | tr '\\0' x; echo; done`);
  const line = (i: number): string => `line ${i} ${"x".repeat(250)}`;
  for (const lines of [1, 2, 3, 10, 50, 101]) {
    const expected = [...Array.from({ length: 100 }, (_, i) => line(i + 1)), "done"].slice(-lines);
    expect((await server.capture("%0", lines)).split("\n")).toEqual(expected);
  }
  expect((await server.capture("%0", 2000)).split("\n")).toHaveLength(101);
});

test("styles and controls are gone, line drawing is drawn", async () => {
  const server = await printed(String.raw`printf '\033[1;31mred\033[0m \033]0;title\007\033(0lqk\033(B é漢🙂\n'`);
  expect(await server.capture("%0", 10)).toBe("red ┌─┐ é漢🙂\ndone");
});

test.each([
  ["a box", String.raw`\033(0lqqk\n\033(0x\033(B in \033(0x\n\033(0mqqj\033(B\n`, "┌──┐\n│ in │\n└──┘"],
  ["a small box", String.raw`\033(0lqk\nxyx\nmqj\033(B\n`, "┌─┐\n│≤│\n└─┘"],
  ["lines down", String.raw`a \033(0x\033(B b\nc \033(0x\033(B d\n`, "a │ b\nc │ d"],
  ["a bar", String.raw`[\033(0aaaa\033(B   ]\n`, "[▒▒▒▒   ]"],
])("line drawing that was scrolled off the screen is drawn: %s", async (_name, drawn, expected) => {
  const server = await printed(`printf '${drawn}'; seq 200`);
  expect(await server.capture("%0", 500)).toBe(`${[expected, ...Array.from({ length: 200 }, (_, i) => String(i + 1))].join("\n")}\ndone`);
});

test("letters that could be line drawing stay letters", async () => {
  const server = await printed(String.raw`printf 'qqq 2 x 4 aaa\n\033[32mlong x green\033[0m  \n'; seq 200`);
  expect((await server.capture("%0", 500)).split("\n").slice(0, 3)).toEqual(["qqq 2 x 4 aaa", "long x green", "1"]);
});

test("in copy mode the pane's own text is captured, and an empty pane is an empty text", async () => {
  const tmux = await startTmux();
  const server = await openServer(tmux);
  expect(await server.capture("%0", 10)).toBe("");
  await tmux.tmux("send-keys", "-t", "%0", "abc");
  await eventually(async () => await server.capture("%0", 10) === "abc", "the text");
  await tmux.tmux("copy-mode", "-t", "%0");
  expect(await server.capture("%0", 10)).toBe("abc");
  await expect(server.capture("%77", 10)).rejects.toMatchObject({ reason: "not_found" });
});
