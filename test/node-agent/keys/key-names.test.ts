import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { keyNames, readKeyName, tmuxKeyName } from "../../../node-agent/keys/key-names.js";

describe("names of keys", () => {
  it.each([
    ["enter", "Enter"], [" Return ", "Enter"], ["TAB", "Tab"], ["esc", "Escape"], ["escape", "Escape"], ["up", "Up"], ["UpArrow", "Up"], ["arrowdown", "Down"],
    ["leftarrow", "Left"], ["ArrowRight", "Right"], ["bs", "Backspace"], ["Backspace", "Backspace"], ["del", "Delete"], ["home", "Home"], ["END", "End"],
    ["pageup", "PageUp"], ["Page-Up", "PageUp"], ["page-down", "PageDown"], ["PageDown", "PageDown"],
  ])("%j is %s", (text, name) => {
    expect(readKeyName(text)).toBe(name);
  });

  it.each(["C-c", "F1", "Space", "", "a", "Enter Enter", "constructor", "__proto__", "-t", "Escape;kill-server"])("refuses %j", (text) => {
    expect(() => readKeyName(text)).toThrow(/is none of Enter, Tab/);
  });

  it("tells no more than the beginning of what is not a key", () => {
    expect(() => readKeyName("x".repeat(500))).toThrow(new RegExp(`"x{80}" is none`));
  });

  it.each(keyNames)("%s has a name that tmux knows: it is a key, not typed as letters", (name) => {
    // tmux binds keys alone; an unknown name is an error. A server of its own each: one that is about to end takes no other command.
    execFileSync("tmux", ["-f", "/dev/null", "-L", `keys-${process.pid}-${name}`, "start-server", ";", "bind-key", tmuxKeyName(name), "display-message", "x"], { stdio: "pipe" });
  });
});
