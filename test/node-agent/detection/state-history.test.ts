import { describe, expect, it } from "vitest";
import { StateHistory } from "../../../node-agent/detection/state-history.js";

const at = (seconds: number): Date => new Date(1_000 * seconds);

describe("StateHistory", () => {
  it("tells since when a state has been seen", () => {
    const history = new StateHistory();
    history.note("%1 100", "claude", "idle", at(0));
    expect(history.note("%1 100", "claude", "idle", at(5)).since).toEqual(at(0));
    expect(history.note("%1 100", "claude", "busy", at(6)).since).toEqual(at(6));
    expect(history.note("%1 100", "codex", "busy", at(7)).since).toEqual(at(7));
    expect(history.note("%2 100", "claude", "busy", at(8)).since).toEqual(at(8));
  });

  it("takes a young agent whose screen is not understood for a starting one, for a while", () => {
    const history = new StateHistory();
    expect(history.note("%1 100", "claude", "unknown", at(0)).state).toBe("starting");
    expect(history.note("%1 100", "claude", "unknown", at(29)).state).toBe("starting");
    expect(history.note("%1 100", "claude", "unknown", at(30)).state).toBe("unknown");
  });

  it("does not take an agent that was understood before for a starting one", () => {
    const history = new StateHistory();
    history.note("%1 100", "claude", "idle", at(0));
    expect(history.note("%1 100", "claude", "unknown", at(1)).state).toBe("unknown");
  });

  it("leaves what is no agent unknown", () => {
    expect(new StateHistory().note("%1 100", "", "unknown", at(0)).state).toBe("unknown");
  });

  it("remembers the agent of a pane until the pane is forgotten", () => {
    const history = new StateHistory();
    history.note("%1 100", "claude", "idle", at(0));
    history.note("%2 200", "codex", "idle", at(0));
    history.keepOnly(new Set(["%2 200"]));
    expect(history.agentOf("%1 100")).toBe("");
    expect(history.agentOf("%2 200")).toBe("codex");
  });
});
