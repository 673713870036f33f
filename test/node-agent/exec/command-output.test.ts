import { describe, expect, it } from "vitest";
import { commandOutput, outputLines } from "../../../node-agent/exec/command-output.js";

const prompt = "host$ ";
const request = { prompt, command: "seq 2", nextPrompt: prompt };
const text = (...lines: string[]): string => lines.join("\n");

describe("what a command printed", () => {
  it("is what stands between its line and the prompt that came back", () => {
    expect(commandOutput({ ...request, before: text("old", "host$ seq 2"), after: text("old", "host$ seq 2", "1", "2", "host$") })).toEqual({ text: "1\n2", whole: true });
    expect(commandOutput({ ...request, before: "host$ seq 2", after: text("host$ seq 2", "host$") })).toEqual({ text: "", whole: true });
  });

  it("without a line end stands before the prompt, which may be another one after cd", () => {
    expect(commandOutput({ ...request, before: "host$ seq 2", after: text("host$ seq 2", "1", "2host$") }).text).toBe("1\n2");
    expect(commandOutput({ ...request, nextPrompt: "host:/tmp$ ", before: "host$ seq 2", after: text("host$ seq 2", "1", "host:/tmp$") }).text).toBe("1");
  });

  it("may hold the command's own line, before and after it ran", () => {
    const before = text("host$ seq 2", "1", "2", "host$ seq 2");
    expect(commandOutput({ ...request, before, after: text(before, "host$ seq 2", "x", "host$") })).toEqual({ text: "host$ seq 2\nx", whole: true });
  });

  it("follows a line that the shell broke over rows", () => {
    const before = text("host$ se", "q 2");
    expect(commandOutput({ ...request, before, after: text(before, "1", "host$") })).toEqual({ text: "1", whole: true });
  });

  it("is all that is left where the line has scrolled away", () => {
    const rows = Array.from({ length: outputLines - 1 }, (_, index) => String(index));
    expect(commandOutput({ ...request, before: "host$ seq 2", after: text(...rows, "host$") })).toEqual({ text: rows.join("\n"), whole: false });
  });

  it("is all there is so far where no prompt came back", () => {
    expect(commandOutput({ ...request, nextPrompt: undefined, before: "host$ seq 2", after: text("host$ seq 2", "1") })).toEqual({ text: "1", whole: true });
  });
});
