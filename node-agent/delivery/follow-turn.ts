import type { AgentRecord } from "../records/agent-record.js";
import type { TypingPlan } from "../store/journal-entry.js";
import type { Bell } from "./bell.js";
import { lookAgainMs } from "./press-and-prove.js";
import { followRecord } from "./prove.js";
import { remainingMs, type RunContext } from "./run-context.js";
import { paneName } from "./sight.js";

/**
 * After the proof: tells when the agent works on the prompt, and when the turn is over.
 * Reads the record alone: a pane that is gone takes nothing back.
 */
export async function followTurn(context: RunContext, plan: TypingPlan, record: AgentRecord, pasted: string, bell: Bell): Promise<void> {
  const { log, id, clock } = context;
  let working = log.entry(id).delivery.steps.some(({ step }) => step === "working");
  const followed = followRecord(context, record, plan.baseline, pasted, bell.ring);
  try {
    for (;;) {
      const finding = await followed.poll();
      if (finding.working && !working) {
        working = true;
        log.step(id, "working", "The agent works on it.");
      }
      if (finding.finished) {
        const answer = finding.answer ?? "";
        const { target } = log.entry(id).delivery;
        if (target) context.turns.set(paneName({ target }), { at: clock.monotonicMs(), isOver: () => Promise.resolve(true) });
        return log.step(id, "finished", "The turn is over.", { answer, change: { answer, phase: "ended" } });
      }
      const leftMs = remainingMs(context);
      if (leftMs <= 0) return log.change(id, { phase: "ended", reason: "deadline_exceeded", detail: "Delivered; the turn had not ended when the time was over." });
      await bell.wait(clock, Math.min(lookAgainMs, leftMs), context.shutdown);
    }
  } finally {
    followed.close();
  }
}
