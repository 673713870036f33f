import type { AgentRecord } from "../records/agent-record.js";
import { safeSnippet } from "../tmux/guarded-input.js";
import type { Bell } from "./bell.js";
import { compareComposer } from "./compare-composer.js";
import { remainingMs, type RunContext } from "./run-context.js";
import { isSameAgent, type FoundAgent, type Pane, type Sight } from "./sight.js";

/** A text shows 5 to 50 ms after its paste, and the pane tells; a look before that is for nothing. */
const firstLookMs = 100;
/** With no news from the pane, look again so often: a sign of life may have been missed. */
const lookAgainMs = 500;
/** Content that is not ours, a question, a menu or no agent must stay this long before it counts: a repaint may show a mixture, and a young agent may start itself again. */
export const blockedMs = 1_500;

export type Parked =
  | { readonly parked: true; readonly seen: Sight }
  | { readonly parked: false; readonly why: "gone" | "dialog" | "menu" | "mixed" | "not_shown" | "another_process"; readonly seen: Sight };

/** Waits until our text, and only our text, is in the composer of the same agent process. */
export async function waitUntilParked(context: RunContext, pane: Pane, bell: Bell, agent: FoundAgent, pasted: string): Promise<Parked> {
  let blocked: { readonly verdict: "other" | "dialog" | "menu" | "unseen"; readonly since: number } | undefined;
  await bell.wait(context.clock, Math.max(0, Math.min(remainingMs(context), firstLookMs)), context.signal);
  for (;;) {
    const seen = await pane.see();
    const now = context.clock.monotonicMs();
    const verdict = judge(seen, agent, pasted, context.options.command);
    if (verdict === "ours") return { parked: true, seen };
    if (verdict === "gone" || verdict === "another_process") return { parked: false, why: verdict, seen };
    blocked = verdict === "waiting" || verdict === "stopped" ? undefined : blocked?.verdict === verdict ? blocked : { verdict, since: now };
    if (blocked && now - blocked.since >= blockedMs) return { parked: false, why: whyBlocked[blocked.verdict], seen };
    // A large paste is drawn in 0.1 s, or in a minute on a busy machine: as long as the caller has time, it may still come.
    const left = remainingMs(context);
    if (left <= 0) return { parked: false, why: "not_shown", seen };
    await bell.wait(context.clock, Math.min(left, lookAgainMs), context.signal);
  }
}

const whyBlocked = { other: "mixed", dialog: "dialog", menu: "menu", unseen: "gone" } as const;

/**
 * `unseen`: no agent is found, but nothing that is known has taken its place either (Gemini CLI 0.61.0, while it starts itself again).
 * `stopped`: keys would be kept until it goes on, and then answer whatever it asks by then.
 */
type Verdict = "ours" | "waiting" | "stopped" | "other" | "dialog" | "menu" | "unseen" | "gone" | "another_process";

/** Pure: is the composer of this sight ready for the key? */
export function judge(seen: Sight, agent: Pick<FoundAgent, "process">, pasted: string, command: boolean): Verdict {
  if (seen.screen.dead) return "gone";
  if (!seen.agent) return seen.detection.targetKind === "shell" ? "gone" : "unseen";
  if (!isSameAgent(seen, agent.process)) return "another_process";
  if (seen.agent.process.stopped) return "stopped";
  const composer = seen.reading?.composer;
  const state = seen.detection.state;
  if (state === "dialog") return "dialog";
  if (!composer) return "waiting";
  const content = compareComposer(composer, pasted);
  // A command of the agent opens its menu; a prompt must not be taken by one.
  if (state === "menu") return command && content === "ours" ? "ours" : "menu";
  if (content === "ours") return "ours";
  return content === "other" ? "other" : "waiting";
}

/**
 * Where the text alone tells whose record it stands in (`namedByProcess` is false), a pane that still shows it unsent has not given it to its
 * agent: then what a record holds came there another way.
 */
export async function isUnsent(pane: Pane, record: Pick<AgentRecord, "namedByProcess">, agent: Pick<FoundAgent, "process">, pasted: string, command: boolean): Promise<boolean> {
  return !record.namedByProcess && judge(await pane.see(), agent, pasted, command) === "ours";
}

/** What must be on the screen in the very step in which the key is pressed: a piece of what the composer shows. */
export function composerSnippet(seen: Sight): string | undefined {
  const composer = seen.reading?.composer;
  if (!composer) return undefined;
  const rows = seen.screen.rows.slice(composer.firstRow, composer.lastRow + 1).map((row) => row.text);
  return safeSnippet(composer.markers[0]?.raw ?? rows.join("\n"));
}
