import { appendFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endProcessesOfHome } from "../real-agents/process-ends.js";
import { TestTmux } from "../real-agents/tmux-server.js";

/** How the demo agent is to misbehave; see test/demo-agent/control-file.mjs for each. */
export interface DemoAgentSettings {
  readonly swallowEnters?: number;
  readonly dropQueued?: boolean;
  readonly hang?: boolean;
  readonly exitOn?: "" | "paste" | "enter";
  readonly dialog?: string;
  readonly dialogOn?: "" | "paste";
  readonly menu?: boolean;
  readonly collapse?: boolean;
  readonly echoDelayMs?: number;
  readonly turnMs?: number;
  readonly hold?: boolean;
  readonly recordDelayMs?: number;
  readonly noRecord?: boolean;
  readonly mergeQueue?: boolean;
  readonly answer?: string;
}

/** What the demo agent saw and did, as it logged it: the ground truth of a test. */
export interface DemoAgentEvent {
  readonly at: number;
  readonly event: "bytes" | "control" | "submitted" | "queued" | "dropped" | "enter-swallowed" | "dialog-discarded" | "dialog-answered" | "menu-chosen" | "exit";
  readonly text?: string;
  readonly texts?: readonly string[];
  /** Of `bytes`: what the terminal gave it. */
  readonly hex?: string;
}

export interface DemoAgent {
  readonly paneId: string;
  /** First process of its pane: the agent, or the shell that it was started from. */
  readonly pid: number;
  /** Its HOME; records are in .demo-agent/sessions there. */
  readonly home: string;
  /** Changes its settings (those left out are off) and waits until it has them. */
  control(settings: DemoAgentSettings): Promise<void>;
  events(): Promise<DemoAgentEvent[]>;
  /** Waits for an event after the first `after` ones. */
  waitFor(wanted: (event: DemoAgentEvent) => boolean, options?: { after?: number; timeoutMs?: number }): Promise<DemoAgentEvent>;
  /** All bytes that the terminal gave it. */
  received(): Promise<Buffer>;
  /** Lines of its records, oldest file first. */
  record(): Promise<{ type: string; text?: string; operation?: string; session: string }[]>;
  /** Writes a prompt to its newest record, as an agent does that comes to it only now. */
  recordLate(text: string): Promise<void>;
  /** Of an agent that was started from a shell and has ended: runs it once more, as a new process with a new session. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("../../demo-agent/demo-agent.mjs", import.meta.url));

/**
 * Starts the demo agent in a window of its own and waits for its composer. `dir` is its own folder, fresh.
 * With `fromShell` it is a job of an interactive bash, which has the pane again when the agent ends.
 */
export async function startDemoAgent(request: {
  socket: string; session: string; dir: string; window?: string; cwd?: string; width?: number; height?: number; settings?: DemoAgentSettings; fromShell?: boolean;
}): Promise<DemoAgent> {
  const { dir } = request;
  const cwd = request.cwd ?? join(dir, "work");
  for (const folder of [dir, cwd]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const [controlPath, logPath] = [join(dir, "control.json"), join(dir, "log.jsonl")];
  await writeFile(controlPath, JSON.stringify(request.settings ?? {}), { mode: 0o600 });
  const tmux = new TestTmux(request.socket);
  const { paneId, pid } = await tmux.open({
    session: request.session, window: request.window ?? "demo-agent", cwd, width: request.width ?? 120, height: request.height ?? 30,
    command: [
      "env", "-i", `PATH=${process.env["PATH"]}`, `HOME=${dir}`, "TERM=tmux-256color", "LANG=C.UTF-8", `DEMO_AGENT_CONTROL=${controlPath}`, `DEMO_AGENT_LOG=${logPath}`,
      ...(request.fromShell ? ["bash", "--noprofile", "--norc", "-i"] : [process.execPath, program]),
    ],
  });
  const launch = () => tmux.run("send-keys", "-t", paneId, "-l", `'${process.execPath}' '${program}'\n`);
  if (request.fromShell) await launch();
  const events = async () => jsonLines<DemoAgentEvent>(await readFile(logPath, "utf8").catch(() => ""));
  const agent: DemoAgent = {
    paneId, pid, home: dir, events,
    async control(settings) {
      const { length } = await events();
      // The stamp makes every change a change, so that equal settings start their counters again.
      await writeFile(`${controlPath}.new`, JSON.stringify({ ...settings, stamp: `${Date.now()}-${length}` }), { mode: 0o600 });
      await rename(`${controlPath}.new`, controlPath);
      await agent.waitFor((event) => event.event === "control", { after: length });
    },
    async waitFor(wanted, { after = 0, timeoutMs = 5000 } = {}) {
      return until(async () => (await events()).slice(after).find(wanted), timeoutMs, "the demo agent did not do it");
    },
    async received() {
      return Buffer.concat((await events()).flatMap((event) => (event.hex === undefined ? [] : [Buffer.from(event.hex, "hex")])));
    },
    async record() {
      const folder = join(dir, ".demo-agent/sessions");
      const files = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")));
      // A session that has just begun has a file without a line.
      return files.filter((text) => text.includes("\n")).sort((a, b) => started(a).localeCompare(started(b))).flatMap((text) => jsonLines<{ type: string; session: string }>(text));
    },
    async recordLate(text) {
      const session = (await agent.record()).at(-1)?.session ?? "";
      await appendFile(join(dir, ".demo-agent/sessions", `${session}.jsonl`), `${JSON.stringify({ type: "user", text, session, at: new Date().toISOString() })}\n`);
    },
    async startAgain() {
      const sessions = async () => (await agent.record()).filter((line) => line.type === "session").map((line) => line.session);
      const before = await sessions();
      await launch();
      await until(async () => {
        const [newest] = (await sessions()).filter((session) => !before.includes(session));
        return newest !== undefined && (await tmux.screen(paneId)).includes(`  idle · session ${newest.slice(0, 8)}`) ? true : undefined;
      }, 10_000, "the demo agent did not start again");
    },
    async stop() {
      await endProcessesOfHome(dir);
      await tmux.run("kill-pane", "-t", paneId).catch(() => "");
    },
  };
  await until(async () => ((await tmux.screen(paneId)).includes(" · session ") ? true : undefined), 10_000, "the demo agent did not start");
  return agent;
}

function jsonLines<T>(text: string): T[] {
  return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter(Boolean).map((line) => JSON.parse(line) as T);
}

function started(text: string): string {
  return (JSON.parse(text.slice(0, text.indexOf("\n"))) as { at: string }).at;
}

async function until<T>(look: () => Promise<T | undefined>, timeoutMs: number, complaint: string): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(complaint);
    await new Promise((go) => setTimeout(go, 10));
  }
}
