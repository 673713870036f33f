import { expect, it } from "vitest";
import { freshPrompt, readPromptLine } from "../../../node-agent/exec/prompt-line.js";
import type { Screen } from "../../../node-agent/screen/screen.js";

const width = 40;

/** The cursor stands `blanks` after the last row. */
function screen(rows: readonly string[], { blanks = 1, alternate = false } = {}): Screen {
  return {
    rows: rows.map((text) => ({ text, runs: [] })), width, height: rows.length, cursorX: (rows.at(-1) ?? "").length + blanks, cursorY: rows.length - 1,
    title: "", alternate, inMode: false, dead: false, panePid: 1, command: "bash", typedMark: "", pressedMark: "",
  };
}

it.each(["$", "#", "u@h:~$", "bash-5.2$", "(venv) u@h:~/src$", "[root@h src]#", "me@mac src %", "❯"])("%s with nothing after it is an empty prompt", (prompt) => {
  expect(readPromptLine(screen(["output", prompt]))).toEqual({ state: "empty", prompt: `${prompt} ` });
});

it.each([
  ["typed text", ["u@h:~$ git stat"]], ["typed text that ends like a prompt", ["u@h:~$ echo 5$"]], ["a redirection that waits for its file", ["u@h:~$ cat a >"]],
  ["the end of a draft that wraps over rows", [`u@h:~$ ${"x".repeat(33)}`, "5$"]], ["the same, broken at a blank", [`u@h:~$ ${"x".repeat(32)}`, "5$"]],
  ["the last line of a pasted draft", ["u@h:~$ echo 'a", "b costs $"]], ["a question of a program", ["Delete all? (y/n) >"]],
  ["the line that goes on", ["u@h:~$ echo 'a", ">"]], ["zsh's line that goes on", ["% echo 'a", "quote>"]],
])("%s is no empty prompt", (_, rows) => {
  expect(readPromptLine(screen(rows))).toEqual({ state: "draft" });
});

it("blanks that were typed, and a cursor that went back, are a draft", () => {
  expect(readPromptLine(screen(["u@h:~$"], { blanks: 4 }))).toEqual({ state: "draft" });
  expect(readPromptLine(screen(["u@h:~$"], { blanks: -2 }))).toEqual({ state: "draft" });
});

it("an unusual prompt is known by having stood there before", () => {
  expect(readPromptLine(screen(["on main ~/src $ ls", "a  b", "on main ~/src $"]))).toMatchObject({ state: "empty" });
  expect(readPromptLine(screen(["a  b", "on main ~/src $"]))).toEqual({ state: "draft" });
});

it("a prompt behind output without a line end cannot be told from a draft", () => {
  expect(readPromptLine(screen(["u@h:~$ printf 'no end'", "no endu@h:~$"]))).toEqual({ state: "draft" });
});

it("nothing is known of a row without a prompt's sign, and of the alternate screen", () => {
  expect(readPromptLine(screen([""]))).toEqual({ state: "unknown" });
  expect(readPromptLine(screen(["compiling"]))).toEqual({ state: "unknown" });
  expect(readPromptLine(screen(["u@h:~$"], { alternate: true }))).toEqual({ state: "unknown" });
});

it("a prompt that is known already may have any shape, but nothing after it", () => {
  expect(readPromptLine(screen(["\u279C  work main"]), "\u279C  work main ")).toEqual({ state: "empty", prompt: "\u279C  work main " });
  expect(readPromptLine(screen(["\u279C  work main ls"]), "\u279C  work main ")).toEqual({ state: "draft" });
  expect(readPromptLine(screen(["\u279C  work main"], { blanks: 2 }), "\u279C  work main ")).toEqual({ state: "draft" });
});

it("after C-c a prompt is known by the line that was given up", () => {
  const before = screen(["\u279C  work main half a dra"], { blanks: 0 });
  expect(freshPrompt(screen(["\u279C  work main half a dra", "\u279C  work main"]), before)).toBe("\u279C  work main ");
  expect(freshPrompt(screen(["\u279C  work main half a dra^C"], { blanks: 0 }), before)).toBeUndefined();
  expect(freshPrompt(screen(["\u279C  work main half a dra^C", ""], { blanks: 0 }), before)).toBeUndefined();
  expect(freshPrompt(screen(["\u279C  work main half a dra", "\u279C  work main x"], { blanks: 0 }), before)).toBeUndefined();
});
