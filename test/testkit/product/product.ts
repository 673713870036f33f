import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, inject } from "vitest";
import { demoProfile } from "../../demo/demo-profile.js";
import { startDemoAgent, type DemoAgent, type DemoAgentSettings } from "../demo-agent/start-demo-agent.js";
import { TestTmux } from "../real-agents/tmux-server.js";
import { eventually } from "../tmux.js";
import { paneInput, type PaneInput } from "./pane-input.js";
import { processesNaming } from "./processes-naming.js";

/** The result object of `dispatch send --json`, as far as tests look at it. */
export interface Outcome {
  readonly status: string;
  readonly reason: string | null;
  readonly detail: string;
  readonly id: string;
  readonly key: string;
  readonly evidence: { source: string; exact: boolean; transformation: string[] } | null;
  readonly steps: readonly { step: string; reason: string | null; detail: string }[];
  readonly presses: number;
  readonly actionNeeded?: boolean;
  readonly authSwitchDetected?: boolean;
  readonly answer: string | null;
  /** Exit code of the command. */
  readonly code: number | null;
}

/** `dispatch send --events` under way. */
export interface Sending {
  readonly child: ChildProcess;
  /** Rejects where the command ended without a result. */
  readonly outcome: Promise<Outcome>;
  /** Resolves at the moment the step's line is read; rejects where the command ends without it. */
  saw(step: string): Promise<void>;
}

export interface AgentRequest {
  readonly session?: string;
  readonly window?: string;
  readonly width?: number;
  readonly height?: number;
  readonly settings?: DemoAgentSettings;
  readonly fromShell?: boolean;
}

export interface ProductOptions {
  readonly keyDelayMs?: number;
  readonly tmux?: TestTmux;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly runner?: readonly string[];
}

/** An agent and what it got. */
export interface TestAgent extends DemoAgent {
  /** `session:window`. */
  readonly target: string;
  input(): Promise<PaneInput>;
  /** Texts that its composer submitted or queued, in order. */
  submitted(): Promise<string[]>;
}

const open = new Set<Product>();

afterAll(async () => {
  for (const product of open) await product.close();
});

/** The programs as they are shipped, on a state folder of their own, with a private tmux server. Closed with the tests of its file, if not before. */
export class Product {
  readonly tmux: TestTmux;
  readonly dataDir: string;
  readonly #env: Record<string, string>;
  readonly #children = new Set<ChildProcess>();
  readonly #agents: DemoAgent[] = [];
  readonly #ownsTmux: boolean;
  #agentCount = 0;
  #lastStart: Promise<unknown> = Promise.resolve();

  private constructor(readonly dir: string, readonly runner: readonly string[], tmux?: TestTmux) {
    this.tmux = tmux ?? new TestTmux(join(dir, "tmux.sock"));
    this.#ownsTmux = tmux === undefined;
    this.dataDir = join(dir, "state");
    this.#env = { PATH: process.env["PATH"] ?? "", HOME: dir, LANG: "C.UTF-8", DISPATCH_DATA_DIR: this.dataDir, DISPATCH_LOG_LEVEL: "debug" };
  }

  /**
   * `keyDelayMs` makes the time between parked and the key longer; `tmux` is another product's server, to share it; `config` is what else
   * stands in its configuration; `runner` are words before each command, such as those that run it in a network namespace.
   */
  static async create(options: ProductOptions = {}): Promise<Product> {
    const product = new Product(await mkdtemp(join(tmpdir(), "dispatch-product-")), options.runner ?? [], options.tmux);
    open.add(product);
    const config = join(product.dir, ".config", "dispatch");
    await mkdir(config, { recursive: true });
    await writeFile(join(config, "config.json"), JSON.stringify({ profiles: [{ ...demoProfile, keyDelayMs: options.keyDelayMs ?? 0 }], ...options.config }));
    return product;
  }

  /** Runs `use` with a product of its own, and takes everything away afterwards. */
  static async with<T>(options: ProductOptions, use: (product: Product) => Promise<T>): Promise<T> {
    const product = await Product.create(options);
    try {
      return await use(product);
    } finally {
      await product.close();
    }
  }

  /** Programs of this folder are found first, by what is started from now on. */
  addToPath(folder: string): void {
    this.#env["PATH"] = `${folder}:${this.#env["PATH"] ?? ""}`;
  }

  /** Sets a variable for what is started from now on. */
  setVariable(name: string, value: string): void {
    this.#env[name] = value;
  }

  /** Starts a demo agent in a window; with `fromShell` it is a job of an interactive bash, which gets the pane back. */
  async agent(request: AgentRequest = {}): Promise<TestAgent> {
    const name = `agent${this.#agentCount++}`;
    const place = { session: request.session ?? "work", window: request.window ?? name };
    // One after the other: two would both find no session and make one.
    const starting = this.#lastStart.catch(() => undefined).then(() => startDemoAgent({ ...request, ...place, socket: this.tmux.socket, dir: join(this.dir, name) }));
    this.#lastStart = starting;
    const agent = await starting;
    this.#agents.push(agent);
    return {
      ...agent,
      target: `${place.session}:${place.window}`,
      input: async () => paneInput(await agent.received()),
      submitted: async () => (await agent.events()).flatMap(({ event, text }) => (event === "submitted" && text !== undefined ? [text] : [])),
    };
  }

  /** Pid of the agent's own process, also where it was started from a shell; 0 where it has ended. */
  processOf(agent: DemoAgent): number {
    return processesNaming(`HOME=${agent.home}\0`).find(({ command }) => command.endsWith("demo-agent.mjs"))?.pid ?? 0;
  }

  /** Runs `dispatch` to its end. */
  async dispatch(args: readonly string[], stdin?: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return collect(this.spawn(args, stdin));
  }

  /** Starts `dispatch`; killed at the end of the test where it still runs. */
  spawn(args: readonly string[], stdin?: string): ChildProcess {
    const [program = process.execPath, ...words] = [...this.runner, process.execPath, join(inject("programs"), "dispatch.cjs"), ...args];
    const child = spawn(program, words, { cwd: this.dir, env: this.#env, stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    this.#children.add(child);
    child.once("close", () => this.#children.delete(child));
    child.stdin?.end(stdin);
    return child;
  }

  /** `dispatch send` to its end. */
  send(to: string, prompt: string, ...flags: string[]): Promise<Outcome> {
    return this.sending(to, prompt, ...flags).outcome;
  }

  /** The text goes in by standard input, so that any text will do. */
  sending(to: string, prompt: string, ...flags: string[]): Sending {
    const child = this.spawn(["send", "--server", this.tmux.socket, "--to", to, "--events", ...flags], prompt);
    const waiting = new Map<string, () => void>();
    const seen = new Set<string>();
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const { step } = JSON.parse(line) as { step?: string };
        if (step === undefined) continue;
        seen.add(step);
        waiting.get(step)?.();
      }
    });
    const ended = collect(child);
    const outcome = ended.then((ran) => {
      const last = ran.stdout.trimEnd().split("\n").at(-1) ?? "";
      if (!last.startsWith(`{"event":"result"`)) throw new Error(`no result (exit ${ran.code}): ${last}${ran.stderr}`);
      return { ...(JSON.parse(last) as Outcome), code: ran.code };
    });
    outcome.catch(() => undefined);
    return {
      child, outcome,
      saw: (step) => new Promise((resolve, reject) => {
        if (seen.has(step)) return resolve();
        waiting.set(step, resolve);
        void ended.then((ran) => reject(new Error(`ended (exit ${ran.code}) without the step ${step}: ${ran.stdout}${ran.stderr}`)));
      }),
    };
  }

  async show(key: string): Promise<Outcome> {
    const ran = await this.dispatch(["show", key, "--json"]);
    if (ran.code !== 0) throw new Error(`show ${key}: ${ran.stdout}${ran.stderr}`);
    return { ...(JSON.parse(ran.stdout) as Outcome), code: ran.code };
  }

  /** Looks a delivery up until it has ended. */
  async ended(key: string, deadlineMs = 20_000): Promise<Outcome> {
    return eventually(async () => {
      const now = await this.show(key);
      if (!["pending", "queued"].includes(now.status)) return now;
      // A look is a process of its own: not more of them than need be.
      await new Promise((resolve) => void setTimeout(resolve, 200));
      return undefined;
    }, `the end of ${key}`, deadlineMs);
  }

  /** What the background process has logged. */
  log(): Promise<string> {
    return readFile(join(this.dataDir, "daemon.log"), "utf8");
  }

  /** Pids of the background process: more than one would be a defect. */
  daemons(): number[] {
    return processesNaming(`embedded.js ${this.dataDir}`).map(({ pid }) => pid);
  }

  /** kill -9 of the background process; true where one was there. */
  killDaemon(): boolean {
    const pids = this.daemons();
    for (const pid of pids) kill(pid);
    return pids.length > 0;
  }

  /** Ends everything that was started here; fails where something else is left. */
  async close(): Promise<void> {
    open.delete(this);
    for (const child of this.#children) child.kill("SIGKILL");
    this.killDaemon();
    await Promise.all(this.#agents.map((agent) => agent.stop()));
    if (this.#ownsTmux) await this.tmux.kill();
    const left = await eventually(() => {
      const found = processesNaming(this.dir);
      return found.length === 0 && found;
    }, "the end of all processes").catch(() => processesNaming(this.dir));
    for (const { pid } of left) kill(pid);
    await rm(this.dir, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`left behind: ${left.map(({ command }) => command).join(", ")}`);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended in between.
  }
}

function collect(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += String(chunk)));
  child.stdin?.on("error", () => undefined);
  return new Promise((resolve) => void child.once("close", (code) => resolve({ code, stdout, stderr })));
}
