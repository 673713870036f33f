import { describe, expect, it } from "vitest";
import { CommandMarks } from "../../../node-agent/exec/command-marks.js";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

describe("marks of a shell", () => {
  it.each([
    ["with BEL", ["out\u001B]133;D;3\u0007$ "], 3],
    ["with ST", ["\u001B]133;D;0\u001B\\"], 0],
    ["cut anywhere", [..."\u001B]133;C\u0007out\u001B]133;D;127\u0007"], 127],
    ["two ends that agree", ["\u001B]133;D;1\u0007\u001B]133;D;1\u0007"], 1],
    ["two that do not: one was printed by the command", ["\u001B]133;D;0\u0007\u001B]133;D;2\u0007"], undefined],
    ["with options", ["\u001B]133;D;5;aid=7\u0007"], 5],
    ["an end without a status", ["\u001B]133;D\u0007"], undefined],
    ["none", ["nothing"], undefined],
  ])("%s", (_name, pieces, status) => {
    const marks = new CommandMarks();
    for (const piece of pieces) marks.read(bytes(piece));
    expect(marks.status).toBe(status);
    expect(marks.seen).toBe(pieces.join("") !== "nothing");
  });

  it("those of an earlier command do not count", () => {
    const marks = new CommandMarks();
    marks.read(bytes("\u001B]133;D;130\u0007"));
    marks.clear();
    expect(marks.status).toBeUndefined();
    marks.read(bytes("\u001B]133;D;0\u0007"));
    expect(marks.status).toBe(0);
  });
});
