import { describe, expect, it } from "vitest";
import { agentFolder } from "../../../node-agent/agents/agent-folder.js";

describe("agentFolder", () => {
  const process = { pid: 1, ppid: 0, started: 0n, executable: "", argv: [], cwd: "/home/dev/work", processGroup: 1, foregroundGroup: 1 };
  const folder = (environment: Readonly<Record<string, string>>): string => agentFolder({ process, environment: new Map(Object.entries(environment)) }, "AGENT_HOME", ".agent", "data");

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["named by the variable", { AGENT_HOME: "/srv/agent", HOME: "/home/dev" }, "/srv/agent"],
    ["under the home, where the variable is not set", { HOME: "/home/dev" }, "/home/dev/.agent/data"],
    ["under the home, where the variable is empty", { AGENT_HOME: "", HOME: "/home/dev" }, "/home/dev/.agent/data"],
    ["relative to the agent's working folder", { AGENT_HOME: "conf/agent", HOME: "/home/dev" }, "/home/dev/work/conf/agent"],
    ["under a home that is relative itself", { HOME: "../other" }, "/home/dev/other/.agent/data"],
  ])("%s", (_name, environment, expected) => {
    expect(folder(environment)).toBe(expected);
  });

  it("is never one of ours, where its working folder may not be read", () => {
    expect(agentFolder({ process: { ...process, cwd: "" }, environment: new Map([["AGENT_HOME", "conf"]]) }, "AGENT_HOME")).toBe("/conf");
  });
});
