import { describe, expect, it } from "vitest";
import { alignTop, newLines } from "../../../node-agent/capture/new-lines.js";

const rows = (text: string): string[] => text.split(" ");

describe("new lines", () => {
  it.each([
    ["appended", "a b", "a b c d", "c d"],
    ["none", "a b", "a b", ""],
    ["above a composer that moves down", "a b ---- > ----", "a b c ---- > ----", "c"],
    ["the same text once more", "a b", "a b b", "b"],
    ["a line that was written over", "a spin1", "a done", "done"],
    ["after a clear", "a b c", "x", "x"],
  ])("%s", (_name, before, now, fresh) => {
    expect(newLines(rows(before), rows(now)).map((row) => rows(now)[row]).join(" ")).toBe(fresh);
  });

  it("knows lines again that have lost some above them", () => {
    const before = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const now = [...before.slice(20), "line 50"];
    expect(newLines(alignTop(before, now), now)).toEqual([now.length - 1]);
  });
});
