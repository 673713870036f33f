import { describe, expect, it } from "vitest";
import { selects, type Selector } from "../../../core/domain/selector.js";
import type { DetectedTarget } from "../../../core/domain/detection.js";

const pane = (change: { target?: string; agentKind?: string; state?: string; cwd?: string; window?: string; machine?: string } = {}): DetectedTarget => {
  const { target = "rel-1:0.0", window = "agent", machine = "here", agentKind = "claude", state = "idle", cwd = "/home/ana/work/api" } = change;
  return { target: { target, window, machine }, detection: { agentKind, state, cwd } } as DetectedTarget;
};

describe("a selector", () => {
  it.each<[string, Selector, Parameters<typeof pane>[0], boolean]>([
    ["fits where every field fits", { agent: "claude", state: "idle" }, {}, true],
    ["does not fit where one field does not", { agent: "claude", state: "busy" }, {}, false],
    ["reads ~ as the home of the node", { cwd: "~/work/*" }, {}, true],
    ["reads ~ only at the beginning of a path", { cwd: "~x/work" }, { cwd: "/home/anax/work" }, false],
    ["takes no other home", { cwd: "~/work/*" }, { cwd: "/home/bob/work/api" }, false],
    ["is no prefix", { cwd: "/home/ana/work" }, {}, false],
    ["knows * in a session's name", { session: "rel-*" }, {}, true],
    ["takes a session's name whole", { session: "rel" }, {}, false],
    ["knows a session's name with a colon", { session: "a:b" }, { target: "a:b:1.0" }, true],
    ["takes signs of regular expressions as themselves", { session: "rel.1" }, { target: "rel-1:0.0" }, false],
    ["knows ? as one character", { window: "agen?" }, {}, true],
    ["knows machines", { machine: "there" }, {}, false],
  ])("%s", (_name, selector, change, fits) => {
    expect(selects(selector, pane(change), "/home/ana")).toBe(fits);
  });
});
