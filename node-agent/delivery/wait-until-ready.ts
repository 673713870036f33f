import type { SubmitKey } from "../agents/agent-adapter.js";
import type { Bell } from "./bell.js";
import { decide, type Decision } from "./decide.js";
import type { LockHold } from "./lock-hold.js";
import { OthersTyping } from "./others-typing.js";
import { refusal, remainingMs, type RunContext } from "./run-context.js";
import { paneName, type Pane, type Sight } from "./sight.js";

/** A screen in the middle of a repaint may read as unknown: it may settle for this long before that counts. */
const settleMs = 1_000;
/** A person who is typing may finish: so long is a draft waited for. */
const draftMs = 3_000;
/** Agents take 2 to 8 s from their start to a composer, more on a busy machine. */
const startMs = 15_000;
/** What a record says may change without a change on the screen, so that a waiting delivery looks again by itself. */
const lookAgainMs = 1_000;
/** … and soon where record and screen disagree. */
const settlingLookMs = 100;
/** Seen between record and first sign of the turn: 50 ms (Codex) to 130 ms (Gemini CLI), more on a busy machine. */
const turnStartMs = 1_000;
/** Leaving copy mode takes one command; a pane that is put back into it is not ours to fight over. */
const maxCopyModeExits = 3;

export interface Ready {
  readonly seen: Sight;
  readonly key: SubmitKey;
  readonly whileBusy: boolean;
  readonly stashed: boolean;
}

/** Looks at a pane, whose lock `hold` has and whose changes ring, until it takes a prompt; throws a Refusal when it will not, by what was seen and asked for. */
export async function waitUntilReady(context: RunContext, pane: Pane, bell: Bell, hold: LockHold): Promise<Ready> {
  let waiting: { reason: string; since: number } | undefined;
  let copyModeExits = 0;
  let stashed = false;
  const others = new OthersTyping();
  for (;;) {
    context.signal.throwIfAborted();
    // What the record says of the last turn is read while the pane is looked at; a turn that is over stays over.
    const [seen, turnDue] = await Promise.all([pane.see(), isTurnDue(context, pane)]);
    context.lastSeen = seen.detection;
    if (seen.screen.panePid !== pane.target.panePid) throw refusal("pane_changed", "The pane's process was replaced by another; nothing was typed.");
    const othersMs = others.leftMs(context, seen.screen);
    const decided = decide(seen, context.options);
    const decision = decided.act === "type" && othersMs > 0 ? waitForOthers : decided;
    switch (decision.act) {
      case "type":
        if (!decision.whileBusy && turnDue) {
          await bell.wait(context.clock, settlingLookMs, context.signal);
          continue;
        }
        return { seen, key: decision.key, whileBusy: decision.whileBusy, stashed };
      case "refuse":
        throw refusal(decision.reason, decision.detail);
      case "leave_copy_mode":
        if (++copyModeExits > maxCopyModeExits) throw refusal("copy_mode_stuck", "The pane stays in copy mode; nothing was typed.");
        await pane.leaveCopyMode();
        continue;
      case "stash":
        if (stashed) throw refusal("draft_present", "The agent did not put the draft aside; nothing was typed.");
        stashed = (await pane.press(seen, decision.key, `${context.id}:stash`, undefined)) === "pressed";
        await bell.wait(context.clock, settleMs, context.signal);
        continue;
      case "wait":
        waiting = noteWaiting(context, decision, waiting);
        // A long wait must not hold up those who may type into a busy agent.
        if (decision.patience === "deadline") hold.letGo();
        await bell.wait(context.clock, Math.min(decision.patience === "others" ? othersMs : patienceLeft(context, decision, waiting), seen.settling ? settlingLookMs : lookAgainMs), context.signal);
        await hold.take(context.signal);
    }
  }
}

const patienceMs = { settle: settleMs, start: startMs, draft: draftMs, others: settleMs } as const;

type Wait = Extract<Decision, { act: "wait" }>;
const waitForOthers: Wait = { act: "wait", patience: "others", reason: "locked_by_other", detail: "another node is typing into this pane" };

/**
 * Between a proven prompt and the first sign of its turn an agent looks idle. What is typed then may be sent to the model together with
 * the first prompt, after that was sent alone (Claude Code 2.1.197): so the turn is waited for, unless the record says that it is over.
 */
async function isTurnDue({ proofs, clock }: RunContext, pane: Pane): Promise<boolean> {
  const last = proofs.get(paneName(pane));
  if (!last) return false;
  // A record that cannot be read now says nothing of it.
  if (clock.monotonicMs() - last.at < turnStartMs && !(await last.isTurnOver().catch(() => false))) return true;
  proofs.delete(paneName(pane));
  return false;
}

/** One WAITING step per reason, so that a spinner does not fill the journal. */
function noteWaiting(context: RunContext, decision: Wait, waiting: { reason: string; since: number } | undefined): { reason: string; since: number } {
  if (waiting?.reason === decision.reason) return waiting;
  if (decision.patience !== "settle") context.log.step(context.id, "waiting", `Waiting: ${decision.detail}.`, { reason: decision.reason });
  return { reason: decision.reason, since: context.clock.monotonicMs() };
}

function patienceLeft(context: RunContext, decision: Wait, waiting: { since: number }): number {
  if (decision.patience === "deadline") return remainingMs(context);
  const left = patienceMs[decision.patience] - (context.clock.monotonicMs() - waiting.since);
  if (left <= 0) throw refusal(decision.reason, `${decision.detail[0]?.toUpperCase() ?? ""}${decision.detail.slice(1)}; nothing was typed.`);
  return Math.min(left, remainingMs(context));
}
