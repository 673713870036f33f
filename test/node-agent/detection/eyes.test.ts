import { describe, expect, it } from "vitest";
import type { Clock } from "../../../core/clock.js";
import type { AgentAdapter, ScreenReading } from "../../../node-agent/agents/agent-adapter.js";
import { AgentRegistry } from "../../../node-agent/agents/agent-registry.js";
import { Eyes } from "../../../node-agent/detection/eyes.js";
import type { ProcessFacts, ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import type { Screen } from "../../../node-agent/screen/screen.js";
import { processInfo } from "./processes.js";

const target = { server: "/tmp/tmux-1000/default", paneId: "%1", panePid: 10 };
const blank: Screen = {
  rows: [], width: 80, height: 24, cursorX: 0, cursorY: 0, title: "", alternate: false, inMode: false, dead: false, panePid: 10,
  command: "mini", typedMark: "", pressedMark: "",
};
const composer = { text: "", markers: [], clipped: false, firstRow: 1, lastRow: 1 };

/** A pane whose processes, screen and record are what the test says. */
class Scene {
  tree: ProcessInfo[] = [processInfo(10, ["mini"])];
  screen: Screen = blank;
  reading: ScreenReading = { state: "idle", activity: "", composer, queued: [], evidence: "an empty composer" };
  record: { state: "idle" | "busy" | "dialog"; sessionId: string; detail: string } | undefined;
  now = new Date(0);

  readonly #eyes = new Eyes({
    clock: { now: () => this.now, monotonicMs: () => this.now.getTime() } as Clock,
    facts: { tree: () => Promise.resolve(this.tree), environment: () => Promise.resolve(new Map()) } as unknown as ProcessFacts,
    registry: new AgentRegistry([{
      kind: "mini", matches: (process: ProcessInfo) => process.argv[0] === "mini", version: () => Promise.resolve("1.2.3"),
      readScreen: () => this.reading, queueKey: "Tab", openRecord: () => ({ state: () => Promise.resolve(this.record) }),
    } as unknown as AgentAdapter]),
  });

  async see() {
    return (await this.#eyes.see({ look: () => Promise.resolve(this.screen) }, target)).detection;
  }
}

describe("Eyes", () => {
  it("tells an idle agent with all that is known of it", async () => {
    const scene = new Scene();
    scene.record = { state: "idle", sessionId: "s-1", detail: "status idle" };
    expect(await scene.see()).toMatchObject({
      targetKind: "agent", agentKind: "mini", state: "idle", composerState: "idle", canReceivePrompt: true, canQueuePrompt: false,
      submitKeys: ["Enter", "Tab"], recommendedSubmitKey: "Enter", paneCommand: "mini", cwd: "/home/dev", agentVersion: "1.2.3", agentPid: 10,
      agentStarted: 10n, sessionId: "s-1", hasDraft: false, observedAt: scene.now, since: scene.now,
    });
  });

  it("believes the record that a turn runs, and names the contradiction", async () => {
    const scene = new Scene();
    scene.record = { state: "busy", sessionId: "s-1", detail: "status busy" };
    const detection = await scene.see();
    expect(detection).toMatchObject({ state: "busy", composerState: "active", canReceivePrompt: false, canQueuePrompt: true, recommendedSubmitKey: "Tab" });
    expect(detection.reason).toContain("the screen shows idle, the record says busy");
  });

  it("counts an unsent line end as a draft", async () => {
    const scene = new Scene();
    scene.reading = { ...scene.reading, state: "draft", composer: { ...composer, text: "\n" } };
    expect(await scene.see()).toMatchObject({ state: "draft", hasDraft: true, canReceivePrompt: false });
  });

  it("tells copy mode over everything, and the state again afterwards", async () => {
    const scene = new Scene();
    scene.screen = { ...blank, inMode: true };
    expect(await scene.see()).toMatchObject({ state: "copy_mode", canReceivePrompt: false, agentKind: "mini" });
    scene.screen = blank;
    expect(await scene.see()).toMatchObject({ state: "idle" });
  });

  it("tells an agent that is stopped: it reads no keys, whatever its screen shows", async () => {
    const scene = new Scene();
    scene.tree = scene.tree.map((process) => ({ ...process, stopped: process.argv[0] === "mini" }));
    const detection = await scene.see();
    expect(detection).toMatchObject({ state: "wedged", canReceivePrompt: false, canQueuePrompt: false });
    expect(detection.reason).toContain("is stopped");
  });

  it("takes a new agent with a strange screen for a starting one, but not for ever", async () => {
    const scene = new Scene();
    scene.reading = { state: "unknown", activity: "", queued: [], evidence: "no composer" };
    expect((await scene.see()).state).toBe("starting");
    scene.now = new Date(60_000);
    expect((await scene.see()).state).toBe("unknown");
  });

  it("tells a shell, and the agent that is suspended under it", async () => {
    const scene = new Scene();
    scene.tree = [processInfo(10, ["-bash"]), processInfo(11, ["mini"], { ppid: 10, processGroup: 11 })];
    const detection = await scene.see();
    expect(detection).toMatchObject({ targetKind: "shell", agentKind: "shell", state: "unknown", canReceivePrompt: false, submitKeys: [], agentPid: 0 });
    expect(detection.reason).toContain("mini (pid 11) is suspended or in the background");
  });

  it("tells a program that is neither agent nor shell", async () => {
    const scene = new Scene();
    scene.tree = [processInfo(10, ["vim"])];
    expect(await scene.see()).toMatchObject({ targetKind: "unknown", agentKind: "unknown", state: "unknown", cwd: "/home/dev" });
  });

  it("tells a dead pane, and which agent ended in it", async () => {
    const scene = new Scene();
    await scene.see();
    scene.screen = { ...blank, dead: true };
    expect(await scene.see()).toMatchObject({ targetKind: "agent", agentKind: "mini", state: "exited", canReceivePrompt: false, agentPid: 0 });
  });

  it("tells a dead pane that was never seen alive", async () => {
    const scene = new Scene();
    scene.screen = { ...blank, dead: true };
    expect(await scene.see()).toMatchObject({ targetKind: "unknown", agentKind: "unknown", state: "exited" });
  });
});
