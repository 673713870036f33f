import type { RecordFinding, RecordMatch } from "../records/agent-record.js";
import type { TypingPlan } from "../store/journal-entry.js";
import type { Bell } from "./bell.js";
import { compareComposer } from "./compare-composer.js";
import { followRecord, recordEvidence, screenEvidence, type FollowedRecord } from "./prove.js";
import { isTmuxLost, remainingMs, type RunContext } from "./run-context.js";
import type { FoundAgent, Pane, Sight } from "./sight.js";
import { blockedMs, composerSnippet, isUnsent, judge } from "./type-prompt.js";
import type { AgentRecord } from "../records/agent-record.js";

/** Pauses before the key is pressed again while our text is provably still parked. The last one is repeated. */
const pressAgainMs = [400, 800, 1_600, 3_000];
/** With no news from record or screen, look again so often: a missed event costs time, never truth. */
export const lookAgainMs = 500;
/** Once the key is pressed the record is what tells, and an agent at work draws all the time: its screen is looked at no more often than this. */
const lookRestMs = 50;
/** A pane that was not as seen is looked at again after this, so that one that never holds still costs little. */
const staleMs = 20;
/** A pane that is put back into copy mode is not ours to fight over. */
const maxCopyModeExits = 3;
/** A prompt that left the agent's queue is given this long to show up in the record. */
const leftQueueMs = 5_000;

export interface Attempt {
  readonly pane: Pane;
  /** Rings when the pane changes. */
  readonly bell: Bell;
  readonly agent: FoundAgent;
  readonly record: AgentRecord;
  readonly plan: TypingPlan;
  readonly pasted: string;
  /** Presses that an earlier life of this node made. */
  readonly pressed: number;
  /** What proved, in an earlier life of this node, that the agent holds the prompt in its queue. */
  readonly queuedBefore: "record" | "screen" | undefined;
  /** What was just seen: the composer with our text. Absent where an earlier life of this node saw it. */
  readonly parked?: Sight | undefined;
  /** Resolves when it is on disk that the text was typed: after a loss of power a key that was pressed must not be pressed for the same text again. */
  readonly onDisk: Promise<void>;
  /** Called when others may type into the pane again. */
  readonly letGo: () => void;
}

export type Proof =
  | { readonly end: "delivered"; readonly finding: RecordFinding }
  /** The composer took it, which is all that is known. */
  | { readonly end: "taken" }
  | { readonly end: "withdrawn" }
  /** The agent has turned it away. */
  | { readonly end: "rejected" }
  | { readonly end: "not_submitted"; readonly why: "dialog" | "menu" | "mixed" | "gone" | "copy_mode" }
  | { readonly end: "wedged" }
  /** `elsewhere`: the text stands there, but did not come there through this pane. */
  | { readonly end: "no_proof"; readonly detail: string; readonly elsewhere?: RecordMatch | undefined };

/**
 * Presses the key while our text is provably parked, and follows record and screen until one of them proves an end.
 * Only the key is ever repeated, never the text.
 */
export class PressAndProve {
  readonly #context: RunContext;
  readonly #attempt: Attempt;
  readonly #bell: Bell;
  #followed: FollowedRecord | undefined;
  #presses: number;
  #lastPress: number;
  #toldAction = false;
  #queuedBy: "record" | "screen" | undefined;
  #leftQueueAt: number | undefined;
  #copyModeExits = 0;
  #lastLook = Number.NEGATIVE_INFINITY;
  #willLook = false;
  /** Since when no agent is found in the pane. */
  #unseenSince: number | undefined;
  /** The text stands in a record, and in the composer still: who has it cannot be told before one of them changes. */
  #isContested = false;

  constructor(context: RunContext, attempt: Attempt) {
    this.#context = context;
    this.#attempt = attempt;
    this.#bell = attempt.bell;
    this.#presses = attempt.pressed;
    this.#queuedBy = attempt.queuedBefore;
    this.#lastPress = context.clock.monotonicMs();
  }

  async run(): Promise<Proof> {
    let { parked } = this.#attempt;
    try {
      for (;;) {
        // Before the first key there is nothing to be found in the record.
        const fromRecord = this.#presses > 0 ? await this.#readRecord() : undefined;
        if (fromRecord) return fromRecord;
        const fromScreen = this.#mayLook() ? await this.#readScreen(parked ?? await this.#attempt.pane.see()) : undefined;
        parked = undefined;
        if (fromScreen) return fromScreen.end === "no_proof" ? ((await this.#readRecord()) ?? fromScreen) : fromScreen;
        if (remainingMs(this.#context) <= 0 && !this.#isQueuedAsAsked) return await this.#timeOver();
        await this.#bell.wait(this.#context.clock, this.#pause(), this.#presses > 0 ? this.#context.shutdown : this.#context.signal);
      }
    } finally {
      this.#followed?.close();
    }
  }

  /** A prompt that was meant for the agent's queue is watched there beyond its time. */
  get #isQueuedAsAsked(): boolean {
    return this.#queuedBy !== undefined && this.#context.options.onBusy !== "refuse";
  }

  /** Followed once it is asked for, so that watching its files does not hold up the key. */
  #record(): FollowedRecord {
    const { record, plan, pasted } = this.#attempt;
    return (this.#followed ??= followRecord(this.#context, record, plan.baseline, pasted, this.#bell.ring));
  }

  #pause(): number {
    if (this.#isQueuedAsAsked) return lookAgainMs;
    return Math.max(1, Math.min(lookAgainMs, remainingMs(this.#context)));
  }

  async #timeOver(): Promise<Proof> {
    const proof = await this.#readRecord();
    if (proof) return proof;
    const finding = await this.#record().poll();
    return { end: "no_proof", detail: this.#queuedBy ? "the agent had it in its queue still when the time was over" : whyUnproven(finding), elsewhere: finding.match };
  }

  /** What the record proves; undefined while there is more to wait for. */
  async #readRecord(): Promise<Proof | undefined> {
    const finding = await this.#record().poll();
    // The same key would only have it turned away again.
    if (finding.rejected) return { end: "rejected" };
    if (finding.queued) this.#noteQueued("record", finding);
    if (finding.withdrawn && !finding.match) return this.#queueLeft();
    if (!finding.match) return undefined;
    const { pane, record, agent, pasted, plan } = this.#attempt;
    // A record that this process was proven to write before needs no second witness.
    const isKnown = this.#context.journal.knownRecord(plan.agentPid, plan.agentStarted) === finding.match.recordPath;
    this.#isContested = !isKnown && await isUnsent(pane, record, agent, pasted, this.#context.options.command);
    return this.#isContested ? undefined : { end: "delivered", finding };
  }

  /** False where the screen was looked at just now: then the bell rings when its rest is over. */
  #mayLook(): boolean {
    const { clock } = this.#context;
    const left = this.#presses > 0 ? this.#lastLook + lookRestMs - clock.monotonicMs() : 0;
    if (left <= 0) this.#lastLook = clock.monotonicMs();
    else if (!this.#willLook) {
      this.#willLook = true;
      clock.after(left, () => {
        this.#willLook = false;
        this.#bell.ring();
      });
    }
    return left <= 0;
  }

  /** What the screen asks for: the key, patience, or an end. */
  async #readScreen(seen: Sight): Promise<Proof | undefined> {
    const { agent, pasted } = this.#attempt;
    // A key that an earlier life of this node sent may reach tmux after our first look.
    if (seen.screen.pressedMark === this.#nextMark()) this.#notePress();
    const verdict = judge(seen, agent, pasted, this.#context.options.command);
    if (verdict !== "unseen") this.#unseenSince = undefined;
    else if (!this.#isGone()) return undefined;
    if (verdict === "gone" || verdict === "another_process" || verdict === "unseen") {
      return this.#presses === 0 ? { end: "not_submitted", why: "gone" } : { end: "no_proof", detail: "the agent ended before its record showed the text" };
    }
    if (verdict === "stopped") return undefined;
    if (verdict === "ours") return seen.screen.inMode ? await this.#leaveCopyMode() : await this.#press(seen);
    if (this.#presses === 0) return this.#unparked(verdict);
    if (!this.#attempt.record.recordsQueue && this.#isQueuedOnScreen(seen)) {
      this.#noteQueued("screen", undefined);
      this.#noteActionNeeded(seen);
      this.#leftQueueAt = undefined;
      return undefined;
    }
    if (this.#queuedBy === "screen" && seen.detection.state === "idle") return this.#queueLeft();
    if ((this.#context.options.command || this.#attempt.record.provesBy === "screen") && this.#isComposerEmpty(seen)) return { end: "taken" };
    return undefined;
  }

  #isGone(): boolean {
    const now = this.#context.clock.monotonicMs();
    this.#unseenSince ??= now;
    return now - this.#unseenSince >= blockedMs;
  }

  /** Copy mode would take the key for itself. */
  async #leaveCopyMode(): Promise<Proof | undefined> {
    if (++this.#copyModeExits > maxCopyModeExits) return this.#presses === 0 ? { end: "not_submitted", why: "copy_mode" } : undefined;
    await this.#attempt.pane.leaveCopyMode();
    this.#bell.ring();
    return undefined;
  }

  async #press(seen: Sight): Promise<Proof | undefined> {
    const { clock, log, id } = this.#context;
    // A record is ahead of a screen that still shows the text; it tells itself when the prompt is taken back.
    if (this.#queuedBy === "record" || this.#isContested) return undefined;
    // What another delivery of the same text has typed since is on its way, not back from the queue.
    if (this.#queuedBy) return seen.screen.typedMark === this.#context.id ? { end: "withdrawn" } : undefined;
    const since = clock.monotonicMs() - this.#lastPress;
    const pause = this.#presses === 0 ? Math.max(this.#attempt.agent.adapter.keyDelayMs, this.#context.options.minKeyDelayMs) : (pressAgainMs[this.#presses - 1] ?? pressAgainMs.at(-1) ?? 0);
    if (since < pause) {
      clock.after(pause - since, this.#bell.ring);
      return undefined;
    }
    if (this.#presses > this.#context.options.retries) return { end: "wedged" };
    await this.#attempt.onDisk;
    this.#context.signal.throwIfAborted();
    log.change(id, { phase: "pressing", presses: this.#presses + 1 });
    const result = await this.#attempt.pane.press(seen, this.#attempt.plan.key, this.#nextMark(), composerSnippet(seen)).catch((error: unknown) => {
      // Whether the key went in is not known when the server is lost; every other failure came before it.
      if (!isTmuxLost(error)) log.change(id, { presses: this.#presses });
      throw error;
    });
    if (result === "stale") {
      log.change(id, { presses: this.#presses });
      clock.after(staleMs, this.#bell.ring);
      return undefined;
    }
    this.#notePress();
    return undefined;
  }

  #nextMark(): string {
    return `${this.#context.id}:${this.#presses + 1}`;
  }

  #notePress(): void {
    const { clock, log, id } = this.#context;
    this.#presses++;
    this.#lastPress = clock.monotonicMs();
    const change = { presses: this.#presses };
    if (this.#presses === 1) log.step(id, "submitted", `${this.#attempt.plan.key} was pressed.`, { change });
    else log.change(id, change);
    // What was written until its record is followed tells of no change.
    this.#bell.ring();
  }

  #unparked(verdict: "waiting" | "other" | "dialog" | "menu"): Proof | undefined {
    if (verdict === "dialog" || verdict === "menu") return { end: "not_submitted", why: verdict };
    // Between parked and the key somebody may type; a repaint looks the same for a moment.
    const since = this.#context.clock.monotonicMs() - this.#lastPress;
    return since > leftQueueMs ? { end: "not_submitted", why: "mixed" } : undefined;
  }

  #isQueuedOnScreen(seen: Sight): boolean {
    const wanted = seen.reading?.queued ?? [];
    return wanted.some((shown) => startsLike(this.#attempt.pasted, shown));
  }

  #isComposerEmpty(seen: Sight): boolean {
    const composer = seen.reading?.composer;
    return composer !== undefined && compareComposer(composer, this.#attempt.pasted) === "empty";
  }

  #noteQueued(by: "record" | "screen", finding: RecordFinding | undefined): void {
    if (this.#queuedBy) return;
    this.#queuedBy = by;
    this.#attempt.letGo();
    const { transformation } = this.#attempt.plan;
    const evidence = recordEvidence(this.#context, finding?.queuedMatch, transformation) ?? screenEvidence(this.#context, transformation);
    this.#context.log.step(this.#context.id, "queued", "The agent holds the prompt for its next turn.", { evidence, change: { status: "queued", evidence, phase: "following" } });
  }

  /** Said once, with the screen that tells it. */
  #noteActionNeeded({ detection }: Sight): void {
    if (this.#toldAction || detection.actionNeeded === "") return;
    this.#toldAction = true;
    const detail = `The agent holds the prompt until somebody acts in its pane: ${detection.actionNeeded}.`;
    this.#context.log.step(this.#context.id, "queued", detail, { reason: "action_needed", detection, change: { reason: "action_needed", detection } });
  }

  /** A prompt that left the queue is either on its way into the record, or gone for good. */
  #queueLeft(): Proof | undefined {
    const now = this.#context.clock.monotonicMs();
    this.#leftQueueAt ??= now;
    return now - this.#leftQueueAt >= leftQueueMs ? { end: "withdrawn" } : undefined;
  }
}

/** Queues show the beginning of a prompt, often cut with an ellipsis. */
function startsLike(pasted: string, shown: string): boolean {
  const squeeze = (text: string): string => text.replaceAll(/\s+/gu, "");
  const beginning = squeeze(shown.replace(/(?:…|\.\.\.)\s*$/u, ""));
  return beginning !== "" && squeeze(pasted).startsWith(beginning);
}

function whyUnproven({ match, ambiguous, foreign }: RecordFinding): string {
  if (match) return "the text stands in a record while the pane still shows it unsent, so it cannot be told whether this agent has it";
  if (ambiguous) return "the same text stands in more than one record, so it cannot be told which agent has it";
  if (foreign) return "the text stands only in a record that another running agent writes too, so it cannot be told which of them has it";
  return "the agent's record does not hold the text";
}
