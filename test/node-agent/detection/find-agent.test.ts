import { describe, expect, it } from "vitest";
import type { AgentAdapter } from "../../../node-agent/agents/agent-adapter.js";
import { findAgent, findHiddenAgent, findShell } from "../../../node-agent/detection/find-agent.js";
import type { ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import { processInfo } from "./processes.js";

/** Only what looking for an agent needs: the agent is told by a word among its arguments. */
const adapter = (kind: string): AgentAdapter => ({ kind, matches: (process: ProcessInfo) => process.argv.includes(kind) }) as unknown as AgentAdapter;
const adapters = [adapter("claude"), adapter("gemini")];
const shell = (more: Partial<ProcessInfo> = {}): ProcessInfo => processInfo(10, ["bash"], more);
/** As a session leader without a terminal, and those of its group. */
const alone = { processGroup: 12, foregroundGroup: -1 } as const;
const found = (tree: readonly ProcessInfo[]): string => {
  const agent = findAgent(tree, adapters);
  return agent ? `${agent.adapter.kind} ${agent.process.pid}` : "none";
};

describe("findAgent", () => {
  it.each<[string, ProcessInfo[], string]>([
    ["the pane's own process", [processInfo(10, ["/opt/claude", "claude"])], "claude 10"],
    ["below a shell", [shell({ processGroup: 10 }), processInfo(11, ["/opt/claude", "claude"], { ppid: 10 })], "claude 11"],
    ["suspended below a shell", [shell(), processInfo(11, ["/opt/claude", "claude"], { ppid: 10, processGroup: 11 })], "none"],
    ["without a terminal", [shell(), processInfo(11, ["/opt/claude", "claude"], { ppid: 10, processGroup: 11, foregroundGroup: -1 })], "none"],
    [
      "that starts itself again: the child counts",
      [processInfo(10, ["/usr/bin/node", "gemini"]), processInfo(11, ["/usr/bin/node", "--max", "gemini"], { ppid: 10 })], "gemini 11",
    ],
    ["that a launcher has not started yet", [processInfo(10, ["/usr/bin/node", "gemini"])], "gemini 10"],
    [
      "with another of its kind at work below it: the upper one counts",
      [processInfo(10, ["/opt/claude", "claude"]), processInfo(11, ["sh"], { ppid: 10 }), processInfo(12, ["/opt/claude", "claude"], { ppid: 11 })], "claude 10",
    ],
    [
      "on a terminal that sudo opened in the foreground",
      [shell({ processGroup: 10 }), processInfo(11, ["sudo"], { ppid: 10 }), processInfo(12, ["/opt/claude", "claude"], { ppid: 11, processGroup: 12, foregroundGroup: 12 })],
      "claude 12",
    ],
    [
      "on a terminal that a program in the background opened",
      [shell(), processInfo(11, ["script"], { ppid: 10, processGroup: 11 }), processInfo(12, ["/opt/claude", "claude"], { ppid: 11, processGroup: 12, foregroundGroup: 12 })],
      "none",
    ],
    [
      "in a session of its own, which su waits for",
      [shell({ processGroup: 10 }), processInfo(11, ["su"], { ppid: 10, executable: "" }), processInfo(12, ["bash"], { ppid: 11, ...alone }), processInfo(13, ["/opt/claude", "claude"], { ppid: 12, ...alone })],
      "claude 13",
    ],
    [
      "that a program without a terminal started for itself",
      [processInfo(10, ["setsid"]), processInfo(11, ["runner"], { ppid: 10, ...alone }), processInfo(13, ["/opt/claude", "claude"], { ppid: 11, processGroup: 13, foregroundGroup: -1 })],
      "none",
    ],
    [
      "in a session of its own, which su waits for in the background",
      [shell(), processInfo(11, ["su"], { ppid: 10, processGroup: 11 }), processInfo(12, ["/opt/claude", "claude"], { ppid: 11, ...alone })],
      "none",
    ],
    ["in a session of its own, beside a shell that reads the keys", [shell(), processInfo(11, ["/opt/claude", "claude"], { ppid: 10, processGroup: 11, foregroundGroup: -1 })], "none"],
    ["none", [shell()], "none"],
    ["of a pane that has ended", [], "none"],
  ])("%s", (_name, tree, expected) => {
    expect(found(tree)).toBe(expected);
  });
});

describe("findHiddenAgent", () => {
  it("names an agent that keys do not reach", () => {
    expect(findHiddenAgent([shell(), processInfo(11, ["/opt/claude", "claude"], { ppid: 10, processGroup: 11 })], adapters)?.process.pid).toBe(11);
    expect(findHiddenAgent([processInfo(10, ["/opt/claude", "claude"])], adapters)).toBeUndefined();
  });
});

describe("findShell", () => {
  it.each(["bash", "csh", "dash", "fish", "ksh", "nu", "sh", "tcsh", "zsh"])("%s", (name) => {
    expect(findShell([processInfo(10, [name])])?.pid).toBe(10);
  });

  it("knows a login shell, and one whose executable may not be read", () => {
    expect(findShell([processInfo(10, ["-bash"])])?.pid).toBe(10);
    expect(findShell([processInfo(10, ["-zsh"], { executable: "" })])?.pid).toBe(10);
  });

  it("is none while a program runs in the foreground, or a script", () => {
    expect(findShell([shell({ processGroup: 10 }), processInfo(11, ["vim"], { ppid: 10 })])).toBeUndefined();
    expect(findShell([shell(), processInfo(11, ["sleep"], { ppid: 10 })])).toBeUndefined();
  });
});
