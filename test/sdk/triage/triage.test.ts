import { describe, expect, it } from "vitest";
import type { AgentState, DetectedTarget, Detection } from "../../../core/domain/detection.js";
import type { Delivery } from "../../../core/domain/delivery.js";
import { excerptOf } from "../../../sdk/triage/excerpt.js";
import { fleetSummary } from "../../../sdk/triage/fleet-summary.js";
import { planRecovery, recoveryResult } from "../../../sdk/triage/recover.js";
import { triage } from "../../../sdk/triage/triage.js";

const token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
const states: readonly AgentState[] = ["starting", "idle", "draft", "busy", "queued", "menu", "dialog", "copy_mode", "wedged", "exited", "unknown"];

/** A pane as the node tells it: what can be received follows from the state. */
function pane(state: AgentState, change: Partial<Detection> = {}, target = "work:1.0", window = "agent"): DetectedTarget {
  const active = state === "busy" || state === "queued";
  const detection: Detection = {
    targetKind: "agent", agentKind: "claude", state, composerState: "unknown", canReceivePrompt: state === "idle", canQueuePrompt: active, submitKeys: ["Enter"], recommendedSubmitKey: state === "idle" || active ? "Enter" : "",
    reason: "because", paneCommand: "node", cwd: "/w", agentVersion: "", agentPid: 1, agentStarted: 1n, sessionId: "", activity: "", actionNeeded: "", hasDraft: state === "draft", evidence: [], observedAt: new Date(0), since: new Date(0), ...change,
  };
  return { target: { machine: "here", server: "/tmp/s", paneId: "%1", target, panePid: 2, window, active: true, width: 80, height: 24 }, detection };
}

describe("triage", () => {
  it("sends to an idle agent and queues with a busy one; everything else is left alone, with a reason and an advice", () => {
    const actions = Object.fromEntries(states.map((state) => [state, triage(pane(state)).action]));
    expect(Object.fromEntries(Object.entries(actions).map(([state, { kind }]) => [state, kind]))).toEqual({
      idle: "send", busy: "queue", queued: "queue", starting: "refuse", draft: "refuse", menu: "refuse", dialog: "refuse", copy_mode: "refuse", wedged: "refuse", exited: "refuse", unknown: "refuse",
    });
    for (const action of Object.values(actions)) {
      expect(action.safeToApply).toBe(action.kind !== "refuse");
      if (action.kind === "refuse") expect([action.reason, action.advice]).toEqual([expect.stringMatching(/\.$/u), expect.stringMatching(/\.$/u)]);
    }
  });

  it.each([
    ["a shell, whatever its state", pane("idle", { targetKind: "shell", agentKind: "shell", paneCommand: "bash" }), "is_shell"],
    ["an unknown program", pane("idle", { targetKind: "unknown", paneCommand: "vim" }), "not_an_agent"],
    ["an idle agent that takes no prompt", pane("idle", { canReceivePrompt: false }), "state_unknown"],
    ["a busy agent with a draft", pane("busy", { hasDraft: true }), "draft_present"],
    ["a busy agent without a queue", pane("busy", { canQueuePrompt: false }), "cannot_queue"],
  ])("%s is refused", (_name, found, reasonCode) => {
    expect(triage(found)).toMatchObject({ schemaVersion: "dispatch.agentTriage.v1", status: "blocked", action: { kind: "refuse", safeToApply: false, reasonCode } });
  });

  it("without the queue a busy agent is refused", () => {
    expect(triage(pane("busy"), { allowQueue: false }).action).toMatchObject({ kind: "refuse", reasonCode: "agent_busy" });
  });
});

describe("recover", () => {
  it("plans a send, and shows no more of the prompt than its first characters, redacted", async () => {
    const plan = await planRecovery(triage(pane("idle")), `use ${token}\n${"x".repeat(300)}`);
    expect(plan).toMatchObject({ schemaVersion: "dispatch.agentRecover.v1", status: "planned", applied: false });
    expect(plan.promptPreview).toMatch(/^use <redacted:[a-z-]+> x+…$/u);
    expect(plan.promptPreview).toHaveLength(120);
    expect((await planRecovery(triage(pane("dialog")), "x")).status).toBe("refused");
  });

  it.each([["delivered", "applied"], ["queued", "applied"], ["refused", "refused"], ["unconfirmed", "failed"], ["failed", "failed"], ["expired", "failed"]] as const)("a delivery that is %s is %s", async (status, expected) => {
    const plan = await planRecovery(triage(pane("idle")), "x");
    expect(recoveryResult(plan, { status, detail: "d" } as Delivery)).toMatchObject({ status: expected, applied: expected === "applied", detail: "d" });
  });
});

describe("the summary of a fleet", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  const all = [...states.map((state, index) => pane(state, {}, `work:${index}.0`)), pane("unknown", { targetKind: "shell" }, "rel-1:0.0", "logs")];

  it("counts every pane once, what needs a look first", () => {
    const summary = fleetSummary(all, { targets: [], limit: 3 }, now);
    expect(summary).toMatchObject({ schemaVersion: "dispatch.fleet_summary.v1", generatedAt: now, matched: 12, counts: { working: 3, idle: 1, stuck: 1, error: 1, blocked: 6 } });
    expect(summary.panes.map(({ state }) => state)).toEqual(["error", "stuck", "blocked"]);
  });

  it("says where it is not sure: a screen that is not understood", () => {
    const [unknown] = fleetSummary([pane("unknown")], { targets: [], limit: 1 }, now).panes;
    expect(unknown).toMatchObject({ state: "blocked", uncertainty: "high" });
    const [shell] = fleetSummary([pane("unknown", { targetKind: "shell" })], { targets: [], limit: 1 }, now).panes;
    expect(shell).toMatchObject({ state: "blocked", uncertainty: "low" });
  });

  it.each([
    [["rel-*"], ["rel-1:0.0"]], [["work:?.0"], states.slice(0, 10).map((_state, index) => `work:${index}.0`)], [["work:10"], ["work:10.0"]], [["logs"], ["rel-1:0.0"]],
    [["rel-1:logs"], ["rel-1:0.0"]], [["here/rel-1:0.0"], ["rel-1:0.0"]], [["nothing", "rel-?"], ["rel-1:0.0"]], [["rel"], []], [["work:1.1"], []], [["."], []],
  ])("%j names %j", (targets, names) => {
    expect(fleetSummary(all, { targets, limit: 50 }, now).panes.map(({ target }) => target.target).toSorted()).toEqual(names.toSorted());
  });
});

describe("an excerpt", () => {
  it("is the end, in whole lines, redacted before it is cut", async () => {
    expect(await excerptOf("one\ntwo\nthree\n\n", 9)).toEqual({ text: "two\nthree", truncatedChars: 4 });
    expect(await excerptOf("one\ntwo\nthree", 8)).toEqual({ text: "three", truncatedChars: 8 });
    expect(await excerptOf("abcdef", 3)).toEqual({ text: "def", truncatedChars: 3 });
    expect(await excerptOf("a😀", 1)).toEqual({ text: "", truncatedChars: 3 });
    expect((await excerptOf(`key ${token}`, 20)).text).not.toContain("wxyz");
  });
});
