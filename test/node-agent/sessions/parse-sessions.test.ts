import { describe, expect, it } from "vitest";
import { parseSessions } from "../../../node-agent/sessions/parse-sessions.js";

const at = (pane: string, machine = "") => ({ machine, server: "", pane });

describe("the sessions registry's JSON", () => {
  it.each(["targets", "sessions", "panes", "items", "rows", "data"])("is read from an object with %s", (name) => {
    expect(parseSessions({ count: 1, [name]: [{ target: "w:1.0" }] }, "")).toEqual([at("w:1.0")]);
  });

  it.each(["target", "tmuxTarget", "tmux_target", "tmux", "pane", "paneTarget"])("names its pane as %s", (name) => {
    expect(parseSessions([{ [name]: " w:1.0 " }], "")).toEqual([at("w:1.0")]);
  });

  it.each(["machine", "machineId", "machine_id", "host"])("names its machine as %s", (name) => {
    expect(parseSessions([{ target: "w:1.0", [name]: "there" }], "")).toEqual([at("w:1.0", "there")]);
  });

  it("takes the first name that holds something, each pane once, and leaves out what names none", () => {
    const items = [{ target: " ", pane: "a:0" }, { pane: "a:0", machine: "" }, { pane: "a:0", machine: "x" }, { state: "live" }, "a:1", null, [{ pane: "b:0" }]];
    expect(parseSessions(items, "")).toEqual([at("a:0"), at("a:0", "x")]);
  });

  it("keeps what holds the query, in any case, anywhere", () => {
    expect(parseSessions([{ pane: "a:0", title: "Release 7" }, { pane: "b:0" }], "rELEASE")).toEqual([at("a:0")]);
  });

  it("takes the first list that an object has", () => {
    expect(parseSessions({ rows: [{ pane: "b:0" }], targets: [] }, "")).toEqual([]);
  });

  it.each([{}, null, 7, "text", { targets: "no list" }, { targets: { pane: "a:0" } }])("knows %j for no list", (json) => {
    expect(parseSessions(json, "")).toBeUndefined();
  });
});
