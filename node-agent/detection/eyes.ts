import { afterTurn, type Clock } from "../../core/clock.js";
import type { Detection, DetectionEvidence } from "../../core/domain/detection.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import type { AgentRegistry } from "../agents/agent-registry.js";
import type { Sight } from "../delivery/sight.js";
import type { ProcessFacts, ProcessInfo } from "../processes/process-facts.js";
import type { ScreenReading } from "../agents/agent-adapter.js";
import type { Screen } from "../screen/screen.js";
import type { TmuxServer } from "../tmux/tmux-server.js";
import { combineStates, disagreement, type RecordState } from "./combine-states.js";
import { findAgent, findHiddenAgent, findShell, foregroundOf, type FoundProcess } from "./find-agent.js";
import { StateHistory } from "./state-history.js";
import { compatibleFields } from "./compatible-fields.js";

export interface EyesDeps {
  readonly clock: Clock;
  readonly facts: ProcessFacts;
  readonly registry: AgentRegistry;
}

/** Looks at panes: process tree, record and screen, each as evidence, combined into one sight. */
export class Eyes {
  readonly #deps: EyesDeps;
  readonly #history = new StateHistory();
  /** Versions by agent process; a program does not change its version while it runs. */
  readonly #versions = new Map<string, string>();

  constructor(deps: EyesDeps) {
    this.#deps = deps;
  }

  async see(server: Pick<TmuxServer, "look">, target: Pick<ResolvedTarget, "server" | "paneId" | "panePid">): Promise<Sight> {
    const [screen, expected] = await Promise.all([server.look(target.paneId), this.#treeMeanwhile(target.panePid)]);
    const tree = screen.dead ? [] : screen.panePid === target.panePid ? expected : await this.#deps.facts.tree(screen.panePid);
    const found = findAgent(tree, this.#deps.registry.adapters);
    const where = `${target.server} ${target.paneId} ${screen.panePid}`;
    // For an instant after a program has ended nobody holds the terminal, until the shell takes it back.
    if (!found) return { screen, detection: this.#withoutAgent(screen, tree, where), settling: !screen.dead && foregroundOf(tree).length === 0 };
    const reading = found.adapter.readScreen(screen);
    const record = await this.#recordState(found, tree);
    const detection = await this.#withAgent(screen, found, reading, record, where);
    // The record and the screen change one after the other.
    const settling = reading.settling === true || (record?.state === "busy" && detection.state === "busy" && reading.state !== "busy");
    return { screen, reading, detection, settling, agent: { ...found, tree } };
  }

  /** While tmux answers: its question is on its way first. */
  async #treeMeanwhile(panePid: number): Promise<ProcessInfo[]> {
    await new Promise<void>(afterTurn);
    return this.#deps.facts.tree(panePid);
  }

  async #withAgent(screen: Screen, found: FoundProcess, reading: ScreenReading, record: RecordState | undefined, where: string): Promise<Detection> {
    const { adapter, process } = found;
    const now = this.#deps.clock.now();
    const seen = this.#history.note(where, adapter.kind, combineStates(reading, record), now);
    const state = screen.inMode ? "copy_mode" : process.stopped ? "wedged" : seen.state;
    const version = await this.#version(found);
    const contradiction = disagreement(reading, record);
    const evidence: DetectionEvidence[] = [
      { source: "process", detail: `pid ${process.pid} runs ${adapter.kind}${process.executable ? ` (${process.executable})` : ""}` },
      ...(record ? [{ source: "record", detail: record.detail } as const] : []),
      { source: "screen", detail: reading.evidence },
      ...(contradiction === undefined ? [] : [{ source: "record", detail: contradiction } as const]),
      ...(process.stopped ? [{ source: "process", detail: `pid ${process.pid} is stopped, so it reads no keys until it goes on` } as const] : []),
      ...(screen.inMode ? [{ source: "tmux", detail: "the pane is in a mode of tmux" } as const] : []),
    ];
    return {
      targetKind: "agent", agentKind: adapter.kind, state, ...compatibleFields(adapter, state),
      reason: reasonOf(evidence),
      paneCommand: screen.command, cwd: process.cwd, agentVersion: version, agentPid: process.pid, agentStarted: process.started,
      sessionId: record?.sessionId ?? "", activity: reading.activity, actionNeeded: reading.actionNeeded ?? "", hasDraft: reading.composer !== undefined && reading.composer.text !== "",
      evidence, observedAt: now, since: seen.since,
    };
  }

  #withoutAgent(screen: Screen, tree: readonly ProcessInfo[], where: string): Detection {
    const now = this.#deps.clock.now();
    const shell = findShell(tree);
    const foreground = foregroundOf(tree).at(-1);
    const before = screen.dead ? this.#history.agentOf(where) : "";
    const hidden = findHiddenAgent(tree, this.#deps.registry.adapters);
    const state = screen.dead ? "exited" : screen.inMode ? "copy_mode" : "unknown";
    const detail = screen.dead ? "the pane's process has ended" : shell ? `a shell reads the keys (${screen.command})` : `${screen.command || "no process"} is no known agent`;
    const source = screen.dead ? "tmux" : "process";
    const evidence: DetectionEvidence[] = [
      { source, detail },
      ...(hidden ? [{ source: "process", detail: `${hidden.adapter.kind} (pid ${hidden.process.pid}) is suspended or in the background, so keys do not reach it` } as const] : []),
    ];
    return {
      targetKind: before ? "agent" : shell ? "shell" : "unknown", agentKind: before || (shell ? "shell" : "unknown"), state, ...compatibleFields(undefined, state),
      reason: reasonOf(evidence), paneCommand: screen.command, cwd: (shell ?? foreground)?.cwd ?? "", agentVersion: "", agentPid: 0, agentStarted: 0n,
      sessionId: "", activity: "", actionNeeded: "", hasDraft: false, evidence, observedAt: now,
      since: this.#history.note(where, before, state, now).since,
    };
  }

  /** Records that cannot be read are no evidence here; a delivery looks again and refuses by name. */
  async #recordState(found: FoundProcess, tree: readonly ProcessInfo[]): Promise<RecordState | undefined> {
    const { facts, clock } = this.#deps;
    try {
      const environment = await facts.environment(found.process.pid);
      return await found.adapter.openRecord({ process: found.process, tree, environment, facts, clock }).state();
    } catch {
      return undefined;
    }
  }

  async #version({ adapter, process }: FoundProcess): Promise<string> {
    const key = `${process.pid} ${process.started}`;
    const known = this.#versions.get(key);
    if (known !== undefined) return known;
    const version = (await adapter.version(process)) ?? "";
    this.#versions.set(key, version);
    return version;
  }
}

function reasonOf(evidence: readonly DetectionEvidence[]): string {
  return evidence.map(({ source, detail }) => `${source}: ${detail}`).join("; ");
}
