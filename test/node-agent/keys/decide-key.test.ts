import { describe, expect, it } from "vitest";
import type { AgentState } from "../../../core/domain/detection.js";
import { decideKey } from "../../../node-agent/keys/decide-key.js";
import { keyNames, type KeyName } from "../../../node-agent/keys/key-names.js";
import type { Sight } from "../../../node-agent/delivery/sight.js";

const sight = (state: AgentState, change: { targetKind?: string; agent?: boolean; dead?: boolean } = {}): Sight => ({
  screen: { dead: change.dead ?? false }, detection: { state, targetKind: change.targetKind ?? "agent", paneCommand: "bash" }, ...(change.agent === false ? {} : { agent: {} }),
} as unknown as Sight);

const states: readonly AgentState[] = ["starting", "idle", "draft", "busy", "queued", "menu", "dialog", "wedged", "exited", "unknown"];

describe("which key may go where", () => {
  it("Enter goes to an idle composer and nowhere else", () => {
    expect(states.filter((state) => decideKey(sight(state), "Enter") === undefined)).toEqual(["idle"]);
  });

  it("Tab goes to no question and to no unknown state", () => {
    expect(states.filter((state) => decideKey(sight(state), "Tab") === undefined)).toEqual(["idle", "draft", "busy", "queued", "menu", "wedged", "exited"]);
  });

  it.each(keyNames)("%s goes to no shell, no unknown program and no dead pane", (key: KeyName) => {
    expect(decideKey(sight("unknown", { targetKind: "shell", agent: false }), key)?.reason).toBe("is_shell");
    expect(decideKey(sight("unknown", { targetKind: "unknown", agent: false }), key)?.reason).toBe("not_an_agent");
    expect(decideKey(sight("idle", { dead: true }), key)?.reason).toBe("pane_dead");
  });

  it("Escape goes to a question, to dismiss it", () => {
    expect(decideKey(sight("dialog"), "Escape")).toBeUndefined();
  });
});
