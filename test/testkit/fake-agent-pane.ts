import { appendFileSync } from "node:fs";
import type { Detection } from "../../core/domain/detection.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import type { AgentAdapter, Composer } from "../../node-agent/agents/agent-adapter.js";
import type { Pane, Sight } from "../../node-agent/delivery/sight.js";
import type { ProcessInfo } from "../../node-agent/processes/process-facts.js";
import type { AgentRecord, Baseline, RecordContext, RecordFollower } from "../../node-agent/records/agent-record.js";
import { jsonlConversation } from "../../node-agent/records/jsonl-conversation.js";
import { JsonlFollower } from "../../node-agent/records/jsonl-follower.js";
import { measure } from "../../node-agent/records/measure.js";
import { systemClock } from "../../core/clock.js";
import type { RecordEvent } from "../../node-agent/records/record-event.js";

/** An agent and its pane in memory; what it submits goes to a real JSONL record. Faults are switched on by the test. */
export class FakeAgentPane implements Pane {
  readonly target: ResolvedTarget = { machine: "here", server: "/fake", paneId: "%1", target: "work:0.0", panePid: 100, window: "agent", active: true, width: 80, height: 24 };
  composer = "";
  state: Detection["state"] = "idle";
  inMode = false;
  /** Its processes cannot be made out, though it is there. */
  unseen = false;
  typedMark = "";
  pressedMark = "";
  process: ProcessInfo | undefined = { pid: 101, ppid: 100, started: 5n, executable: "/bin/fake", argv: ["fake"], cwd: "/", processGroup: 101, foregroundGroup: 101 };
  swallowEnters = 0;
  /** It turns prompts away, and keeps their text in the composer. */
  rejects = false;
  /** Runs right before tmux would check the guard. */
  beforeType: () => unknown = () => undefined;
  afterType: () => unknown = () => undefined;
  beforePress: () => unknown = () => undefined;
  afterPress: () => unknown = () => undefined;
  queued: string[] = [];
  queue: string[] = [];
  /** What was pasted and pressed, in order: the truth of a test. */
  readonly pastes: string[] = [];
  readonly keys: string[] = [];
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(readonly recordPath: string) {}

  readonly adapter: AgentAdapter = {
    kind: "fake", keyDelayMs: 0, queueKey: "Enter",
    matches: () => true, version: async () => undefined,
    readScreen: () => { throw new Error("the fake pane reads its own screen"); },
    prepare: (text) => ({ text, transformation: [] }),
    openRecord: ({ proofsOfOthers }) => this.record({ proofsOfOthers }),
  };

  changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  async see(): Promise<Sight> {
    const composer: Composer = { text: this.composer, markers: [], clipped: false, firstRow: 0, lastRow: 0 };
    const detection: Detection = {
      targetKind: this.unseen ? "unknown" : this.process ? "agent" : "shell", agentKind: this.process ? "fake" : "shell", state: this.#shownState(), composerState: "unknown", canReceivePrompt: false,
      canQueuePrompt: false, submitKeys: [], recommendedSubmitKey: "", reason: "", paneCommand: this.process ? "fake" : "bash", cwd: "/", agentVersion: "", agentPid: this.process?.pid ?? 0,
      agentStarted: this.process?.started ?? 0n, sessionId: "", activity: "", actionNeeded: "", hasDraft: this.composer !== "", evidence: [], observedAt: new Date(), since: new Date(),
    };
    return {
      screen: { rows: [{ text: this.composer, runs: [] }], width: 80, height: 24, cursorX: this.#version, cursorY: 0, title: "", alternate: false, inMode: this.inMode, dead: false, panePid: 100, command: "fake", typedMark: this.typedMark, pressedMark: this.pressedMark },
      detection,
      ...(this.process && !this.unseen ? {
        agent: { adapter: this.adapter, process: this.process, tree: [this.process] },
        reading: { state: this.#shownState(), activity: "", composer: this.state === "dialog" ? undefined : composer, queued: this.queued, evidence: "" },
      } : {}),
    };
  }

  async watch(onChange: () => void): Promise<() => void> {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  async type(seen: Sight, text: string, mark: string): Promise<"typed" | "stale"> {
    await this.beforeType();
    if (!this.#guard(seen) || this.typedMark !== seen.screen.typedMark || this.typedMark === mark) return "stale";
    this.typedMark = mark;
    this.pastes.push(text);
    if (this.state !== "dialog") this.composer += text;
    this.changed();
    await this.afterType();
    return "typed";
  }

  async press(seen: Sight, key: string, mark: string): Promise<"pressed" | "stale"> {
    await this.beforePress();
    if (!this.#guard(seen) || this.pressedMark === mark) return "stale";
    this.pressedMark = mark;
    this.keys.push(key);
    if (this.swallowEnters > 0) this.swallowEnters--;
    else this.submit();
    this.changed();
    await this.afterPress();
    return "pressed";
  }

  submit(): void {
    const text = this.composer;
    if (this.rejects) return this.#write({ type: "rejected", texts: [text] });
    this.composer = "";
    if (this.state === "busy") {
      this.queue.push(text);
      this.#write({ type: "enqueued", text });
    } else this.take(text);
  }

  take(text: string): void {
    this.#write({ type: "user", texts: [text] });
    this.#write({ type: "turn_ended", answer: `answer to ${text}` });
    this.changed();
  }

  becomeIdle(): void {
    this.state = "idle";
    for (const text of this.queue.splice(0)) this.take(text);
    this.changed();
  }

  async capture(): Promise<string> {
    return "";
  }

  async leaveCopyMode(): Promise<void> {
    this.inMode = false;
    this.changed();
  }

  record(told: Pick<RecordContext, "proofsOfOthers"> = {}): AgentRecord {
    const source = {
      ...told,
      candidates: async () => [this.recordPath], watchPaths: () => [this.recordPath], sessionId: () => "session",
      events: (line: Record<string, unknown>) => [line["event"] as RecordEvent],
    };
    return {
      namedByProcess: true, scope: "fake", state: async () => undefined,
      baseline: async (): Promise<Baseline> => measure([this.recordPath], systemClock),
      follow: (baseline, pasted): RecordFollower => new JsonlFollower(source, baseline, pasted),
      conversation: (limit) => jsonlConversation(source, this.recordPath, limit),
    };
  }

  #shownState(): Detection["state"] {
    if (this.inMode) return "copy_mode";
    return this.state === "idle" && this.composer !== "" ? "draft" : this.state;
  }

  /** As in tmux: cursor (here a version of the screen), pid and mode must be as seen; a busy agent's cursor is not looked at. */
  #guard(seen: Sight): boolean {
    return !this.inMode && (this.state === "busy" || seen.screen.cursorX === this.#version);
  }

  #write(event: RecordEvent): void {
    appendFileSync(this.recordPath, `${JSON.stringify({ timestamp: new Date().toISOString(), event })}\n`);
  }
}
