import { afterTurn } from "../../core/clock.js";
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
/**
 * Screens are behind their records: by 50 ms (Codex) to 130 ms (Gemini CLI) where a turn begins, by 20 ms (Codex 0.171.0) to 200 ms
 * (OpenCode 1.18.33) where it ends, more on a busy machine. After this long a screen is right.
 */
const screenBehindMs = 1_000;
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
    const [looked, turn] = await Promise.all([pane.see(), lastTurn(context, pane)]);
    const seen = turn === "over" && looked.detection.state === "busy" ? { ...looked, settling: true } : looked;
    context.lastSeen = seen.detection;
    if (seen.screen.panePid !== pane.target.panePid) throw refusal("pane_changed", "The pane's process was replaced by another; nothing was typed.");
    const othersMs = others.leftMs(context, seen.screen);
    const decided = decide(seen, context.options);
    const decision = decided.act === "type" && othersMs > 0 ? waitForOthers : decided;
    switch (decision.act) {
      case "type":
        if (!decision.whileBusy && turn === "due") {
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
 * What the record says of the turn of a prompt that was proven a moment ago, or whose end was told then; undefined where that is longer ago.
 * `due`: the agent looks idle until the first sign of the turn. What is typed then may be sent to the model together with the first prompt,
 * after that was sent alone (Claude Code 2.1.197). `over`: the agent may look busy for a moment.
 */
async function lastTurn({ turns, clock }: RunContext, pane: Pane): Promise<"due" | "over" | undefined> {
  const last = turns.get(paneName(pane));
  if (!last) return undefined;
  if (clock.monotonicMs() - last.at >= screenBehindMs) {
    turns.delete(paneName(pane));
    return undefined;
  }
  // The look's question is on its way to tmux first.
  await new Promise<void>(afterTurn);
  // A record that cannot be read now says nothing of it.
  return await last.isOver().catch(() => false) ? "over" : "due";
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
