import type { Delivery } from "../domain/delivery.js";
import { reasons, type Reason } from "./reasons.js";

/** For shell commands: the catalogue's hints are for prompts to agents. */
const execHints: Readonly<Partial<Record<Reason, string>>> = {
  draft_present: "Send or clear the line in the pane, or give it up with --force-interrupt.",
  state_unknown: "Look at the pane; docs/exec.md says which shells and prompts are known.",
  not_parked: "Look at the pane and clear its line before you run it again.",
  pane_changed: "Look at the pane, then run it again.",
  pane_dead: "Start a shell again in that pane, or name another one.",
  locked_by_other: "Run it again in a moment.",
  no_proof: "Look at the pane before you run it again.",
  deadline_exceeded: "Give it more time with --timeout.",
};
const keyHints: Readonly<Partial<Record<Reason, string>>> = {
  draft_present: "Send or clear it in the pane.",
  agent_busy: "Wait until it is idle.",
  agent_starting: "Wait until it has started.",
  locked_by_other: "Press it again in a moment.",
  pane_changed: "Look at the pane, then press it again.",
};
const verdictHints: Readonly<Record<string, string>> = {
  blocked_target_kind: "Name a pane that shows a shell; prompts for agents go with `dispatch send`.",
  blocked_target_policy: "Give a reviewed policy with --allow whose allowTargets names the pane, or look first with --dry-run.",
  blocked_not_allowlisted: "Give a policy with --allow whose allowPrefixes has it; docs/exec.md lists what needs none.",
  blocked_unsafe_flag: "Leave the flag out; docs/exec.md says what is allowed, and what a policy may add.",
};

/** What to do about an outcome, in one sentence; empty where there is nothing. */
export function hintFor({ reason, kind, exec }: Pick<Delivery, "reason" | "kind" | "exec">): string {
  if (!Object.hasOwn(reasons, reason)) return "";
  const known = reason as Reason;
  if (kind === "exec") return (known === "policy_denied" && exec?.code ? (verdictHints[exec.code] ?? "docs/exec.md says what is allowed.") : execHints[known]) ?? reasons[known].hint;
  return (kind === "key" ? keyHints[known] : undefined) ?? reasons[known].hint;
}
