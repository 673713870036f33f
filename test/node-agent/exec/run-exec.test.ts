import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import type { Delivery, DeliveryUpdate } from "../../../core/domain/delivery.js";
import type { Detection } from "../../../core/domain/detection.js";
import type { ExecOptions } from "../../../core/domain/exec.js";
import { DispatchError } from "../../../core/errors/dispatch-error.js";
import type { Pane, Sight } from "../../../node-agent/delivery/sight.js";
import { PaneLocks } from "../../../node-agent/delivery/pane-locks.js";
import { runExec } from "../../../node-agent/exec/run-exec.js";
import type { ProcessFacts, ProcessInfo } from "../../../node-agent/processes/process-facts.js";

const height = 24;

/** A shell in memory: lines above, one line being typed. Guards hold what the real ones hold: the cursor, and that nobody else typed. */
class FakeShellPane implements Pane {
  readonly target = { machine: "here", server: "/fake", paneId: "%1", target: "work:0.0", panePid: 100, window: "sh", active: true, width: 80, height };
  above: string[] = [];
  line = "";
  prompt: string | undefined = "host$ ";
  targetKind: Detection["targetKind"] = "shell";
  executable = "/bin/bash";
  argv: readonly string[] = ["-bash"];
  settling = false;
  panePid = 100;
  /** Runs right before tmux would check the guard. */
  beforeType: () => void = () => undefined;
  beforePress: () => void = () => undefined;
  afterType: () => void = () => undefined;
  looks = 0;
  readonly typed: string[] = [];
  readonly keys: string[] = [];
  readonly ran: string[] = [];

  async see(): Promise<Sight> {
    this.looks++;
    const shown = this.prompt === undefined ? "" : this.prompt + this.line;
    const rows = [...this.above, shown];
    const detection = { targetKind: this.targetKind, agentKind: "shell", state: "unknown" } as Detection;
    return {
      detection, settling: this.settling,
      screen: {
        rows: Array.from({ length: height }, (_, row) => ({ text: (rows[row] ?? "").trimEnd(), runs: [] })), width: 80, height, cursorX: shown.length, cursorY: rows.length - 1, title: "",
        alternate: false, inMode: false, dead: false, panePid: this.panePid, command: "bash", typedMark: "", pressedMark: "",
      },
    };
  }

  watch(): Promise<() => void> {
    return Promise.resolve(() => undefined);
  }

  async type(seen: Sight, text: string): Promise<"typed" | "stale"> {
    this.beforeType();
    if (!(await this.#holds(seen))) return "stale";
    this.typed.push(text);
    this.line += text;
    this.afterType();
    return "typed";
  }

  async press(seen: Sight, key: string): Promise<"pressed" | "stale"> {
    this.beforePress();
    if (!(await this.#holds(seen))) return "stale";
    this.keys.push(key);
    if (key === "Enter") this.ran.push(this.line);
    this.above.push(`${this.prompt ?? ""}${this.line}${key === "C-c" ? "^C" : ""}`);
    this.line = "";
    return "pressed";
  }

  leaveCopyMode(): Promise<void> {
    return Promise.resolve();
  }

  async capture(): Promise<string> {
    return [...this.above, `${this.prompt ?? ""}${this.line}`].join("\n");
  }

  facts(): ProcessFacts {
    const shell = (): ProcessInfo => ({ pid: 100, ppid: 1, started: 1n, executable: this.executable, argv: this.argv, cwd: "/", processGroup: 100, foregroundGroup: 100 });
    return { tree: async () => [shell()], started: async () => 1n, ownPid: async (pid) => pid, environment: async () => new Map(), openFiles: async () => [] };
  }

  async #holds({ screen }: Sight): Promise<boolean> {
    const now = await this.see();
    return now.screen.cursorX === screen.cursorX && now.screen.cursorY === screen.cursorY && now.screen.panePid === screen.panePid;
  }
}

const policy = { allowPrefixes: ["make"], allowTargets: ["*"], allowGitResetHardPaths: [] };

async function run(pane: FakeShellPane, options: Partial<ExecOptions> = {}, resolve: () => Promise<Pane> = async () => pane): Promise<{ delivery: Delivery; steps: string[] }> {
  const updates: DeliveryUpdate[] = [];
  const parts = { machine: "here", clock: systemClock, facts: pane.facts(), locks: new PaneLocks(), resolve };
  const request = { deliveryId: "", address: { machine: "", server: "", pane: "work:0.0" }, command: "make all", options: { policy, dryRun: false, forceInterrupt: false, wait: false, timeoutMs: 10_000, ...options } };
  for await (const update of runExec(parts, request, new AbortController().signal)) updates.push(update);
  const delivery = updates.at(-1)?.delivery;
  if (!delivery) throw new Error("the last update carries no delivery");
  return { delivery, steps: updates.map(({ step }) => step) };
}

/** Calls what comes first once, then nothing. */
function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

describe("somebody types meanwhile", () => {
  it("before the paste: it is looked again, and their line is left alone", async () => {
    const pane = new FakeShellPane();
    pane.beforeType = once(() => { pane.line = "rm "; });
    expect((await run(pane)).delivery).toMatchObject({ status: "refused", reason: "draft_present", presses: 0 });
    expect(pane).toMatchObject({ typed: [], ran: [], line: "rm " });
  });

  it("before the paste, and goes away again: the command is typed once", async () => {
    const pane = new FakeShellPane();
    pane.beforeType = once(() => pane.above.push("mail!"));
    expect((await run(pane)).delivery).toMatchObject({ status: "delivered" });
    expect(pane).toMatchObject({ typed: ["make all"], ran: ["make all"] });
  });

  it("after the paste: Enter is not pressed", async () => {
    const pane = new FakeShellPane();
    pane.afterType = () => { pane.line += " install"; };
    expect((await run(pane)).delivery).toMatchObject({ status: "failed", reason: "not_parked", presses: 0 });
    expect(pane).toMatchObject({ ran: [], keys: [] });
  });

  it("right before Enter: it is not pressed", async () => {
    const pane = new FakeShellPane();
    pane.beforePress = () => { pane.line += "x"; };
    expect((await run(pane)).delivery).toMatchObject({ status: "failed", reason: "pane_changed", presses: 0 });
    expect(pane).toMatchObject({ ran: [], keys: [] });
  });

  it("without an end: it is given up after a few tries", async () => {
    const pane = new FakeShellPane();
    pane.beforeType = () => pane.above.push("mail!");
    expect((await run(pane)).delivery).toMatchObject({ status: "refused", reason: "pane_changed" });
    expect(pane.typed).toEqual([]);
  });
});

describe("what is in the pane changes", () => {
  it("between judgement and paste: an agent is not typed into", async () => {
    const pane = new FakeShellPane();
    pane.beforeType = once(() => { pane.targetKind = "agent"; pane.above.push("welcome"); });
    expect((await run(pane)).delivery).toMatchObject({ status: "refused", reason: "pane_changed" });
    expect(pane.typed).toEqual([]);
  });

  it("another process in the same pane is not typed into", async () => {
    const pane = new FakeShellPane();
    pane.panePid = 200;
    expect((await run(pane)).delivery).toMatchObject({ status: "refused", reason: "pane_changed" });
    expect(pane.typed).toEqual([]);
  });

  it.each([["/usr/bin/fish", ["fish"]], ["/bin/bash", ["bash", "deploy.sh"]], ["/bin/bash", ["bash", "-lc", "read x"]], ["/bin/bash", ["bash", "-e", "x"]], ["", ["bash"]]])("%s %j is no interactive shell of ours", async (executable, argv) => {
    const pane = new FakeShellPane();
    Object.assign(pane, { executable, argv });
    expect((await run(pane, { forceInterrupt: true })).delivery).toMatchObject({ status: "refused", reason: "state_unknown" });
    expect(pane).toMatchObject({ typed: [], keys: [] });
  });

  it.each([[["-bash"]], [["bash", "--login", "-i"]], [["bash", "--rcfile", "/x/rc"]], [["zsh", "-o", "extendedglob"]]])("%j is one", async (argv) => {
    const pane = new FakeShellPane();
    Object.assign(pane, { argv });
    expect((await run(pane)).delivery).toMatchObject({ status: "delivered" });
  });

  it("a moment between two programs is waited out", async () => {
    const pane = new FakeShellPane();
    Object.assign(pane, { settling: true, targetKind: "unknown" });
    const look = pane.see.bind(pane);
    pane.see = async () => {
      if (pane.looks === 3) Object.assign(pane, { settling: false, targetKind: "shell" });
      return look();
    };
    expect((await run(pane)).delivery).toMatchObject({ status: "delivered" });
  });

  it("a pane that nobody reads is refused", async () => {
    const pane = new FakeShellPane();
    pane.settling = true;
    expect((await run(pane)).delivery).toMatchObject({ status: "refused", reason: "state_unknown" });
  });
});

describe("a dry run", () => {
  it("says what a live one would find in the pane, and presses nothing", async () => {
    const pane = new FakeShellPane();
    expect((await run(pane, { dryRun: true })).delivery).toMatchObject({ status: "dry_run", exec: { pasteText: "make all" } });
    pane.line = "half";
    expect((await run(pane, { dryRun: true })).delivery).toMatchObject({ status: "refused", reason: "draft_present", exec: { allowed: true } });
    expect((await run(pane, { dryRun: true, forceInterrupt: true })).delivery).toMatchObject({ status: "dry_run" });
    pane.executable = "/usr/bin/fish";
    expect((await run(pane, { dryRun: true, forceInterrupt: true })).delivery).toMatchObject({ status: "refused", reason: "state_unknown" });
    expect(pane).toMatchObject({ typed: [], keys: [], line: "half" });
  });
});

describe("what goes wrong", () => {
  it("the pane cannot be found: refused, nothing typed", async () => {
    const pane = new FakeShellPane();
    expect((await run(pane, {}, () => Promise.reject(new DispatchError("not_found", "There is no pane.")))).delivery).toMatchObject({ status: "refused", reason: "not_found" });
  });

  it("the server is lost at Enter: unconfirmed, and never pressed again", async () => {
    const pane = new FakeShellPane();
    pane.press = () => Promise.reject(new DispatchError("tmux_lost"));
    const { delivery, steps } = await run(pane);
    expect(delivery).toMatchObject({ status: "unconfirmed", reason: "tmux_lost" });
    expect(steps).toEqual(["accepted", "typed", "unconfirmed"]);
  });

  it("the shell does not take the line in time: unconfirmed", async () => {
    const pane = new FakeShellPane();
    pane.press = async (_, key) => {
      pane.keys.push(key);
      return "pressed";
    };
    expect((await run(pane, { timeoutMs: 300 })).delivery).toMatchObject({ status: "unconfirmed", reason: "no_proof", presses: 1 });
    expect(pane.keys).toEqual(["Enter"]);
  });

  it("another delivery has the pane for all the time: expired, nothing typed", async () => {
    const pane = new FakeShellPane();
    const locks = new PaneLocks();
    await locks.acquire("pane:/fake:%1", new AbortController().signal);
    const parts = { machine: "here", clock: systemClock, facts: pane.facts(), locks, resolve: async () => pane };
    const request = { deliveryId: "abc", address: { machine: "", server: "", pane: "work:0.0" }, command: "make all", options: { policy, dryRun: false, forceInterrupt: false, wait: false, timeoutMs: 50 } };
    const updates = [];
    for await (const update of runExec(parts, request, new AbortController().signal)) updates.push(update);
    expect(updates.at(-1)?.delivery).toMatchObject({ id: "abc", status: "expired", reason: "deadline_exceeded" });
    expect(pane.typed).toEqual([]);
  });

  it("C-c brings no prompt back: nothing is typed", async () => {
    const pane = new FakeShellPane();
    pane.line = "half";
    const press = pane.press.bind(pane);
    pane.press = async (seen, key) => {
      const done = await press(seen, key);
      pane.prompt = undefined;
      return done;
    };
    expect((await run(pane, { forceInterrupt: true })).delivery).toMatchObject({ status: "refused", reason: "state_unknown" });
    expect(pane).toMatchObject({ typed: [], keys: ["C-c"] });
  });

  it("C-c brings back a prompt of an unusual shape: the command is typed after it", async () => {
    const pane = new FakeShellPane();
    pane.prompt = "\u279C  work main ";
    expect((await run(pane)).delivery).toMatchObject({ status: "refused", reason: "draft_present" });
    pane.line = "half";
    expect((await run(pane, { forceInterrupt: true })).delivery).toMatchObject({ status: "delivered" });
    expect(pane).toMatchObject({ keys: ["C-c", "Enter"], ran: ["make all"] });
  });

  it("C-c, and somebody types at once: their line is left alone", async () => {
    const pane = new FakeShellPane();
    pane.prompt = "\u279C  work main ";
    pane.line = "half";
    pane.beforeType = once(() => { pane.line = "rm "; });
    expect((await run(pane, { forceInterrupt: true })).delivery).toMatchObject({ status: "refused", reason: "draft_present" });
    expect(pane).toMatchObject({ typed: [], line: "rm " });
  });

  it("C-c is never pressed unasked", async () => {
    const pane = new FakeShellPane();
    pane.line = "half";
    await run(pane);
    expect(pane.keys).toEqual([]);
  });
});
