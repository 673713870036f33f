import type { TargetAddress } from "../../core/domain/target.js";
import { redactedTail } from "../capture/redacted-tail.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { TypingPlan } from "../store/journal-entry.js";
import { recordVariables } from "../records/record-variables.js";
import type { AgentRecord, RecordMatch } from "../records/agent-record.js";
import { Bell } from "./bell.js";
import { concludeNotSubmitted, concludeProof, type Progress } from "./conclude.js";
import { followTurn } from "./follow-turn.js";
import { LockHold } from "./lock-hold.js";
import { openRecord, proofsOfOthers } from "./open-record.js";
import { prepareText } from "./prepare-text.js";
import { PressAndProve } from "./press-and-prove.js";
import { readRecordOnce, sha256 } from "./prove.js";
import { isTmuxLost, refusal, type RunContext } from "./run-context.js";
import { paneName, type FoundAgent, type Pane, type Sight } from "./sight.js";
import { waitUntilParked } from "./type-prompt.js";
import { waitUntilReady, type Ready } from "./wait-until-ready.js";

/** After so many looks that were out of date at once the cursor is taken to be one that never rests; what is parked is checked all the same. */
const restlessCursor = 3;

/**
 * The acts of one delivery: resolve → lock → look → baseline → type → parked → press → prove.
 * Every act is journalled before it is done, so that a later life of this node can go on from there.
 */
export class DeliveryRun {
  progress: Progress = "untouched";
  readonly #context: RunContext;
  readonly #address: TargetAddress;
  readonly #admitted: () => void;
  readonly #holds = new Map<string, LockHold>();
  /** Rings when the pane changes. */
  readonly #bell = new Bell();
  #unwatch: (() => void) | undefined;
  /** Resolves when it is on disk that the text is being typed. */
  #onDisk: Promise<void> | undefined;

  constructor(context: RunContext, address: TargetAddress, admitted: () => void) {
    this.#context = context;
    this.#address = address;
    this.#admitted = admitted;
  }

  async begin(): Promise<void> {
    const pane = await this.resolve(this.#address);
    if (this.#context.options.onBusy === "when_idle") await this.#standInLine(pane);
    const hold = await this.lock(pane);
    for (let attempts = 0; ; attempts++) {
      const ready = await waitUntilReady(this.#context, pane, this.#bell, hold);
      if (await this.#typeAndProve(pane, ready, attempts >= restlessCursor)) return;
    }
  }

  /** Once a pane was found, it stays that pane and that process: one that took its place since is not what was meant. */
  async resolve(address: TargetAddress): Promise<Pane> {
    const pane = await this.#context.resolve(address);
    const before = this.#context.log.entry(this.#context.id).delivery.target;
    if (before && (before.paneId !== pane.target.paneId || before.panePid !== pane.target.panePid)) {
      throw new DispatchError("pane_changed", "The pane that was found before is gone or has another process.");
    }
    this.#context.log.change(this.#context.id, { target: pane.target });
    this.#unwatch?.();
    this.#unwatch = await pane.watch(this.#bell.ring);
    return pane;
  }

  /** It has its place in line: the node may go on with the next one. */
  admit(): void {
    this.#admitted();
  }

  close(): void {
    this.#unwatch?.();
    this.letGoOfAll();
  }

  /** The pane's lock: one delivery at a time looks, types and proves in a pane. */
  async lock(pane: Pane): Promise<LockHold> {
    const hold = this.#hold(`pane:${paneName(pane)}`);
    if (hold.isTaken) this.#context.log.step(this.#context.id, "waiting", "Waiting: another delivery is typing into this pane.", { reason: "locked_by_other" });
    const taken = hold.take(this.#context.signal);
    this.admit();
    await taken;
    return hold;
  }

  /** Where only the text tells whose record it is in, it goes to one agent at a time. */
  async lockText(record: AgentRecord, text: string): Promise<LockHold | undefined> {
    if (record.namedByProcess) return undefined;
    const hold = this.#hold(`text:${record.scope}:${sha256(text.trim())}`);
    await hold.take(this.#context.signal);
    return hold;
  }

  /** Presses and proves what is parked, and tells the verdict. */
  async prove(pane: Pane, agent: FoundAgent, record: AgentRecord, plan: TypingPlan, pasted: string, pressed: number, parked?: Sight): Promise<void> {
    const context = this.#context;
    this.progress = "typed";
    const attempt = { pane, bell: this.#bell, agent, record, plan, pasted, onDisk: this.#onDisk ?? this.#toDisk(), letGo: () => this.letGoOfAll() };
    let proof = await new PressAndProve(context, { ...attempt, pressed, queuedBefore: this.#queuedBefore(), parked }).run();
    // From here to the verdict nothing is waited for, so that no entry is read for the proof of two deliveries at once.
    for (let seen = ""; proof.end === "delivered" && isClaimed(context, proof.finding.match) && proof.finding.match?.locator !== seen;) {
      seen = proof.finding.match?.locator ?? "";
      proof = await new PressAndProve(context, { ...attempt, pressed: context.log.entry(context.id).delivery.presses, queuedBefore: this.#queuedBefore() }).run();
    }
    if ("finding" in proof && proof.finding.match) context.journal.rememberRecord(plan.agentPid, plan.agentStarted, proof.finding.match.recordPath);
    if (proof.end === "delivered") {
      const isOver = async (): Promise<boolean> => (await readRecordOnce(record, plan, pasted, proof.finding.match?.recordPath)).finished;
      context.turns.set(paneName(pane), { at: context.clock.monotonicMs(), isOver });
    }
    concludeProof(context, plan, proof);
    if (proof.end === "delivered" && context.options.waitFor === "finished") await this.followTurn(record, plan, pasted);
  }

  #queuedBefore(): "record" | "screen" | undefined {
    const { status, evidence } = this.#context.log.entry(this.#context.id).delivery;
    return status === "queued" && (evidence?.source === "record" || evidence?.source === "screen") ? evidence.source : undefined;
  }

  /** From delivered to the end of the turn. */
  async followTurn(record: AgentRecord, plan: TypingPlan, pasted: string): Promise<void> {
    this.admit();
    this.letGoOfAll();
    await followTurn(this.#context, plan, record, pasted, this.#bell);
  }

  letGoOfAll(): void {
    for (const hold of this.#holds.values()) hold.letGo();
  }

  /** Deliveries that wait for the same pane to become idle go in the order in which they were accepted. */
  async #standInLine(pane: Pane): Promise<void> {
    const line = this.#hold(`line:${paneName(pane)}`);
    const taken = line.take(this.#context.signal);
    this.admit();
    await taken;
  }

  /** False where the pane was not as seen any more, so that nothing was typed and a new look is needed. */
  async #typeAndProve(pane: Pane, ready: Ready, anyCursor: boolean): Promise<boolean> {
    const context = this.#context;
    const { seen } = ready;
    const agent = seen.agent;
    if (!agent) throw refusal("not_an_agent", "The pane runs no known agent; nothing was typed.");
    const prepared = prepareText(agent, context.prompt, context.options);
    if (context.options.dryRun) {
      await this.#captureBefore(pane);
      const detail = `Dry run: ${Buffer.byteLength(prepared.text)} bytes would be pasted into ${agent.adapter.kind} and submitted with ${ready.key}.`;
      context.log.change(context.id, { status: "dry_run", detail, detection: seen.detection, phase: "ended" });
      return true;
    }
    await this.#captureBefore(pane);
    const environment = await this.#environment(agent);
    const record = await openRecord(context, agent.adapter, { process: agent.process, tree: agent.tree, environment });
    const textHold = await this.lockText(record, prepared.text);
    const plan = await this.#plan(ready, agent, record, environment, prepared.transformation);
    context.signal.throwIfAborted();
    context.log.change(context.id, { phase: "typing", plan, pasted: prepared.text, detection: seen.detection });
    // The key waits for it; text without a key is gone with its pane when the power is.
    this.#onDisk = this.#toDisk();
    this.progress = "typing";
    // What rang until now is older than our text.
    this.#bell.forget();
    const typed = await pane.type(seen, prepared.text, context.id, { anyCursor, literal: context.options.mode === "literal" }).catch((error: unknown) => {
      if (!isTmuxLost(error)) this.progress = "untouched";
      throw error;
    });
    // What an earlier life of this node sent may reach tmux only now.
    if (typed === "stale" && (await pane.see()).screen.typedMark !== context.id) {
      textHold?.letGo();
      this.progress = "untouched";
      context.log.change(context.id, { phase: "open" });
      return false;
    }
    this.progress = "typed";
    context.log.step(context.id, "typed", "The text was pasted into the pane.", { detection: seen.detection });
    await this.park(pane, agent, record, plan, prepared.text);
    return true;
  }

  /** Its failure is told by who waits for it, if it comes to that. */
  #toDisk(): Promise<void> {
    const written = this.#context.journal.onDisk();
    written.catch(() => undefined);
    return written;
  }

  async #captureBefore(pane: Pane): Promise<void> {
    const { options, log, id } = this.#context;
    if (options.captureBeforeLines <= 0) return;
    const { text } = await redactedTail((lines) => pane.capture(lines), options.captureBeforeLines, pane.target.width);
    log.change(id, { capturedBefore: text });
  }

  /** From typed to the end. */
  async park(pane: Pane, agent: FoundAgent, record: AgentRecord, plan: TypingPlan, pasted: string): Promise<void> {
    const context = this.#context;
    this.progress = "typed";
    const parked = await waitUntilParked(context, pane, this.#bell, agent, pasted);
    if (!parked.parked) return concludeNotSubmitted(context, parked.why);
    if (context.options.noSubmit) {
      context.log.step(context.id, "parked", "The text is in the composer and was left there, as asked.", { change: { status: "typed", phase: "ended" } });
      return;
    }
    context.log.step(context.id, "parked", "The composer holds the text, and nothing else.");
    await this.prove(pane, agent, record, plan, pasted, 0, parked.seen);
  }

  async #plan(ready: Ready, agent: FoundAgent, record: AgentRecord, environment: ReadonlyMap<string, string>, transformation: readonly string[]): Promise<TypingPlan> {
    const [state, baseline] = await Promise.all([record.state(), readable(() => record.baseline())]);
    return {
      agentKind: agent.adapter.kind, process: agent.process, previousMark: ready.seen.screen.typedMark, key: ready.key, transformation,
      agentPid: agent.process.pid, agentStarted: agent.process.started,
      environment: Object.fromEntries([...environment].filter(([name]) => recordVariables.has(name))),
      sessionId: state?.sessionId ?? "", baseline,
    };
  }

  async #environment(agent: FoundAgent): Promise<ReadonlyMap<string, string>> {
    const environment = await this.#context.facts.environment(agent.process.pid);
    if (environment.size === 0) throw refusal("record_unreadable", "The agent's environment cannot be read, so its record cannot be found; nothing was typed.");
    return environment;
  }

  /** One hold per lock: what is held already is not waited for. */
  #hold(name: string): LockHold {
    const hold = this.#holds.get(name) ?? new LockHold(this.#context.locks, name);
    this.#holds.set(name, hold);
    return hold;
  }
}

/** Whether the entry has proven another delivery of the same text since it was read. Prompts that were merged share theirs. */
function isClaimed(context: RunContext, match: RecordMatch | undefined): boolean {
  return match?.beside.length === 0 && proofsOfOthers(context)(match.locator, match.text) > 0;
}

/** What cannot be read cannot prove anything, so nothing is typed. */
async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw refusal("record_unreadable", `The agent's record cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"}); nothing was typed.`);
  }
}
