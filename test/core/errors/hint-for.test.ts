import { expect, it } from "vitest";
import type { ExecReport } from "../../../core/domain/delivery.js";
import { hintFor } from "../../../core/errors/hint-for.js";
import { reasons } from "../../../core/errors/reasons.js";
import { execCodes } from "../../../core/exec/exec-code.js";

const blocked = (code: string): { reason: string; kind: "exec"; exec: ExecReport } => (
  { reason: "policy_denied", kind: "exec", exec: { code, commandHash: "", allowed: false, rule: "", sentence: "", interrupt: false, pasteText: "", output: "" } }
);

it("a prompt has the hint of the catalogue", () => {
  expect(hintFor({ reason: "draft_present", kind: "prompt" })).toBe(reasons.draft_present.hint);
  expect(hintFor({ reason: "", kind: "prompt" })).toBe("");
});

it("a command has hints about shells, and none about composers", () => {
  expect(hintFor({ reason: "draft_present", kind: "exec" })).toContain("--force-interrupt");
  expect(hintFor(blocked("blocked_target_kind"))).toContain("`dispatch send`");
  expect(hintFor(blocked("blocked_target_policy"))).toContain("--allow");
  for (const code of execCodes.filter((each) => each.startsWith("blocked_"))) expect(hintFor(blocked(code)), code).toMatch(/^[A-Zd].*\.$/u);
  const possible = ["not_found", "pane_dead", "pane_changed", "draft_present", "copy_mode_stuck", "state_unknown", "not_parked", "no_proof", "locked_by_other", "deadline_exceeded", "tmux_lost"];
  for (const reason of possible) expect(hintFor({ reason, kind: "exec" }), reason).not.toMatch(/--on-draft|--when-idle|--queue|agent/u);
});

it("a key has hints that fit a key", () => {
  for (const reason of ["draft_present", "agent_busy", "agent_starting", "locked_by_other"]) expect(hintFor({ reason, kind: "key" }), reason).not.toMatch(/--on-draft|--when-idle|--queue|Send again/u);
});
