import { describe, expect, it } from "vitest";
import type { AgentState } from "../../../core/domain/detection.js";
import type { ScreenReading } from "../../../node-agent/agents/agent-adapter.js";
import { combineStates, disagreement } from "../../../node-agent/detection/combine-states.js";

const screen = (state: AgentState): ScreenReading => ({ state, activity: "", queued: [], evidence: "seen" });
const record = (state: AgentState | undefined) => (state === undefined ? undefined : { state, sessionId: "s", detail: "told" });

describe("screen and record together", () => {
  it.each<[AgentState, AgentState | undefined, AgentState, boolean]>([
    ["idle", undefined, "idle", false],
    ["idle", "idle", "idle", false],
    ["idle", "busy", "busy", true],
    ["draft", "busy", "busy", true],
    ["idle", "starting", "starting", true],
    ["dialog", "starting", "dialog", true],
    ["busy", "idle", "busy", true],
    ["busy", "busy", "busy", false],
    ["idle", "dialog", "dialog", true],
    ["busy", "dialog", "dialog", true],
    ["dialog", "busy", "dialog", false],
    ["dialog", "dialog", "dialog", false],
    ["menu", "busy", "menu", false],
    ["queued", "busy", "queued", false],
    // A record alone never makes a screen understood.
    ["unknown", "idle", "unknown", false],
    ["unknown", "busy", "unknown", false],
  ])("screen %s, record %s: %s", (shown, told, state, contradiction) => {
    expect(combineStates(screen(shown), record(told))).toBe(state);
    expect(disagreement(screen(shown), record(told)) !== undefined).toBe(contradiction);
  });
});
