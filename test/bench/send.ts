// `npm run bench:send [-- --agent KIND --sends N]`: one send against a bare tmux paste, all in one run. Prints p50 and p95, and ratios for the budgets.
import { execFile } from "node:child_process";
import { readFileSync, statSync, watch } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../../core/clock.js";
import { TmuxServer } from "../../node-agent/tmux/tmux-server.js";
import { demoProfile } from "../demo/demo-profile.js";
import { Dispatch } from "../agents/suite/dispatch.js";
import { startDemoAgent } from "../testkit/demo-agent/start-demo-agent.js";
import { ModelServer } from "../testkit/model-server/model-server.js";
import { installPinned } from "../testkit/real-agents/install-pinned.js";
import { isRealAgentKind } from "../testkit/real-agents/kinds.js";
import { enterLoopbackNamespace } from "../testkit/real-agents/loopback-namespace.js";
import { startRealAgent } from "../testkit/real-agents/start-real-agent.js";
import { TestTmux } from "../testkit/real-agents/tmux-server.js";
import { budgetLine, figure, figureLine, percentile, ratioLine } from "./statistics.js";

// Node parses all of them at each start, before any code of ours: 90 ms for Debian's list.
delete process.env["NODE_EXTRA_CA_CERTS"];

const { values } = parseArgs({ options: { agent: { type: "string", default: "demo" }, sends: { type: "string", default: "20" } } });
const kind = values.agent;
const sends = Number(values.sends);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const program = new URL("../../dist/dispatch.cjs", import.meta.url).pathname;

if (isRealAgentKind(kind)) {
  await installPinned(kind, say);
  await enterLoopbackNamespace();
} else if (kind !== "demo") throw new Error(`unknown agent ${kind}`);

const dir = await mkdtemp(join(tmpdir(), "bench-"));
const tmux = new TestTmux(join(dir, "tmux.sock"));
await mkdir(join(dir, "state/config/dispatch"), { recursive: true, mode: 0o700 });
await writeFile(join(dir, "state/config/dispatch/config.json"), JSON.stringify({ profiles: [demoProfile] }), { mode: 0o600 });
const model = isRealAgentKind(kind) ? await ModelServer.start() : undefined;
const agent = isRealAgentKind(kind) && model
  ? await startRealAgent({ kind, socket: tmux.socket, session: "bench", window: "agent", modelUrl: model.url("bench"), home: join(dir, "home"), cwd: join(dir, "work") })
  : await startDemoAgent({ socket: tmux.socket, session: "bench", dir: join(dir, "agent") });
const dispatch = await Dispatch.start(join(dir, "state"));
const server = await TmuxServer.open(tmux.socket, { clock: systemClock, environment: process.env, temporaryFolder: join(dir, "paste") });
const { paneId } = agent;
const address = { machine: "", server: tmux.socket, pane: paneId };

try {
  await dispatch.client.send({ target: address, prompt: "warm up", waitFor: "finished" });
  const bare = await measureBare(sends, overConnection((await server.look(paneId)).panePid));
  const script = await measureBare(sends, byCommands());
  const warm = await measureSends(sends);
  const whole = await measureProcesses(Math.max(5, Math.round(sends / 2)));
  const start = await measureStart(15);

  say(`\nagent: ${kind}`);
  for (const line of [
    figure("bare paste to its text on the screen", bare.toText), figure("bare paste, its text on the screen, and a key", bare.toKey), figure("the same by tmux's commands: to its text", script.toText), figure("  and a key", script.toKey), figure("client's call to the key press", warm.toKey), figure("key press to the record", warm.agent),
    figure("record written to the verdict in the client", warm.toVerdict), figure("client's call to the verdict", warm.total), figure("dispatch send, whole process", whole.total),
    figure("  of which the agent's own (key press to record)", whole.agent), figure("node -e 0", start.node), figure("dispatch --version", start.version), figure("dispatch --help", start.help),
  ]) say(figureLine(line));
  say("");
  say(budgetLine("call to key press / bare paste, p50", percentile(warm.toKey, 50) / percentile(bare.toText, 50), 3, "x"));
  say(ratioLine("call to key press / bare paste and key, p50", percentile(warm.toKey, 50) / percentile(bare.toKey, 50)));
  say(ratioLine("call to key press / bare paste by tmux's commands, p50", percentile(warm.toKey, 50) / percentile(script.toText, 50)));
  say(ratioLine("call to key press / bare paste and key by tmux's commands, p50", percentile(warm.toKey, 50) / percentile(script.toKey, 50)));
  say(budgetLine("record to verdict, p50", percentile(warm.toVerdict, 50), 30, "ms"));
  say(budgetLine("record to verdict, p95", percentile(warm.toVerdict, 95), 100, "ms"));
  say(budgetLine("whole process beyond the agent's own time, p50", percentile(whole.beyond, 50), 200, "ms"));
  say(ratioLine("the same in starts of node", percentile(whole.beyond, 50) / percentile(start.node, 50)));
  say(budgetLine("--version / node -e 0, p50", percentile(start.version, 50) / percentile(start.node, 50), 1.6, "x"));
  say(budgetLine("--help / node -e 0, p50", percentile(start.help, 50) / percentile(start.node, 50), 1.6, "x"));
} finally {
  await server.close();
  await dispatch.stop();
  await agent.stop();
  await tmux.kill();
  await model?.stop();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

/** Idle for a while: between a proven prompt and the first sign of its turn an agent looks idle too, and after the turn it tidies up. */
async function idle(): Promise<void> {
  for (;;) {
    const { detection } = await dispatch.client.detect(address);
    if (detection.state === "idle" && Date.now() - detection.since.getTime() > 300) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A paste without looking first, what the screen shows, and a key, which clears it again. */
interface BareTmux {
  paste(text: string, mark: string): Promise<unknown>;
  screen(): Promise<string>;
  key(mark: string): Promise<unknown>;
}

/** The least that tmux can take: through the control client that is open. */
function overConnection(panePid: number): BareTmux {
  return {
    paste: (text, mark) => server.type({ paneId, panePid }, text, mark),
    screen: async () => (await server.look(paneId)).rows.map((row) => row.text).join("\n"),
    key: (mark) => server.press({ paneId, panePid }, "C-u", mark),
  };
}

/** As a script does it. */
function byCommands(): BareTmux {
  return {
    paste: (text) => tmux.run("set-buffer", "-b", "bare", text, ";", "paste-buffer", "-p", "-d", "-b", "bare", "-t", paneId),
    screen: () => tmux.screen(paneId),
    key: () => tmux.run("send-keys", "-t", paneId, "C-u"),
  };
}

/** The text is looked for without a pause. */
async function measureBare(count: number, bare: BareTmux): Promise<{ toText: number[]; toKey: number[] }> {
  const figures = { toText: [] as number[], toKey: [] as number[] };
  for (let index = 0; index < count; index++) {
    await idle();
    const text = `bare${index}x${Date.now()}`;
    const began = performance.now();
    await bare.paste(text, text);
    while (!(await bare.screen()).includes(text));
    figures.toText.push(performance.now() - began);
    await bare.key(`${text}:1`);
    figures.toKey.push(performance.now() - began);
  }
  return figures;
}

/** Through a client that is connected already. The record's own time is that of the change of its file that brought the prompt, seen by inotify in this process. */
async function measureSends(count: number): Promise<{ toKey: number[]; agent: number[]; toVerdict: number[]; total: number[] }> {
  const figures = { toKey: [] as number[], agent: [] as number[], toVerdict: [] as number[], total: [] as number[] };
  let record = await recordPath();
  for (let index = 0; index < count; index++) {
    await idle();
    const prompt = `measure ${index} ${Date.now()}`;
    let written = 0;
    const watcher = watch(record, () => {
      if (written === 0 && readFileSync(record).includes(prompt)) written = statSync(record).mtimeMs;
    });
    const began = Date.now();
    let submitted = 0;
    let told = "";
    for await (const update of dispatch.client.send({ target: address, prompt })) {
      if (update.step === "submitted") submitted = update.at.getTime();
      told = `${update.step}: ${update.detail}`;
      if (update.step === "delivered") {
        figures.toVerdict.push(Date.now() - (written || Date.now()));
        figures.total.push(Date.now() - began);
        figures.agent.push((written || update.at.getTime()) - submitted);
      }
    }
    watcher.close();
    if (!told.startsWith("delivered")) throw new Error(`send ${index} was not delivered: ${told}`);
    figures.toKey.push(submitted - began);
    record = await recordPath();
  }
  return figures;
}

/** Where the last delivery was proven; of a database, the log that it writes to. */
async function recordPath(): Promise<string> {
  const [last] = await dispatch.client.list({ limit: 1 });
  const path = last?.evidence?.locator.replace(/[@#].*$/u, "") ?? "";
  return path.endsWith(".db") ? `${path}-wal` : path;
}

async function measureProcesses(count: number): Promise<{ total: number[]; agent: number[]; beyond: number[] }> {
  const figures = { total: [] as number[], agent: [] as number[], beyond: [] as number[] };
  for (let index = 0; index < count; index++) {
    await idle();
    const began = performance.now();
    const { json } = await dispatch.cli(["send", "--server", tmux.socket, "--to", paneId, "--prompt", `process ${index}`, "--json"]);
    const total = performance.now() - began;
    const at = (step: string): number => Date.parse(String((json.steps as readonly { step: string; at: unknown }[] | undefined)?.find((each) => each.step === step)?.at));
    const own = at("delivered") - at("submitted");
    figures.total.push(total);
    figures.agent.push(own);
    figures.beyond.push(total - own);
  }
  return figures;
}

/** Interleaved, so that a machine that slows down slows down all of them. */
async function measureStart(count: number): Promise<{ node: number[]; version: number[]; help: number[] }> {
  const figures = { node: [] as number[], version: [] as number[], help: [] as number[] };
  for (let index = 0; index < count; index++) {
    figures.node.push(await timed(["-e", "0"]));
    figures.version.push(await timed([program, "--version"]));
    figures.help.push(await timed([program, "--help"]));
  }
  return figures;
}

function timed(args: readonly string[]): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error) => (error ? reject(error) : resolve(performance.now() - began)));
  });
}
