// Second half of the demo: an agent in a pane, one send through the built command line, the receipt, and nothing left behind.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startDemoAgent } from "../testkit/demo-agent/start-demo-agent.js";
import { ModelServer } from "../testkit/model-server/model-server.js";
import { installPinned } from "../testkit/real-agents/install-pinned.js";
import { isRealAgentKind, realAgentKinds } from "../testkit/real-agents/kinds.js";
import { enterLoopbackNamespace } from "../testkit/real-agents/loopback-namespace.js";
import { startRealAgent } from "../testkit/real-agents/start-real-agent.js";
import { TestTmux } from "../testkit/real-agents/tmux-server.js";
import { demoProfile } from "./demo-profile.js";

const { values } = parseArgs({ options: { agent: { type: "string" }, prompt: { type: "string", default: "Read the README and tell me in one line what this project is for." } } });
const { agent: kind, prompt } = values;
if (kind !== undefined && !isRealAgentKind(kind)) {
  process.stderr.write(`demo: --agent is one of ${realAgentKinds.join(", ")}; without it a small bundled agent is used\n`);
  process.exit(2);
}
const say = (line = "") => process.stdout.write(`${line}\n`);
if (kind) await installPinned(kind, say);
if (kind) await enterLoopbackNamespace();

const dispatch = join(dirname(fileURLToPath(import.meta.url)), "../../dist/dispatch.cjs");
const dir = await mkdtemp(join(tmpdir(), "dispatch-demo-"));
const tmux = new TestTmux(join(dir, "tmux.sock"));
const environment = { ...process.env, DISPATCH_DATA_DIR: join(dir, "state"), XDG_CONFIG_HOME: join(dir, "config") };
let closing: Promise<void> | undefined;
let model: ModelServer | undefined;
let agent: { paneId: string; stop(): Promise<void> } | undefined;

async function cli(args: readonly string[], visible = true): Promise<number> {
  if (visible) say(`\n$ dispatch ${args.map((arg) => (/^[\w:./%-]+$/.test(arg) ? arg : `'${arg}'`)).join(" ")}`);
  const child = spawn(process.execPath, [dispatch, ...args], { stdio: ["ignore", visible ? "inherit" : "ignore", "inherit"], env: environment });
  return new Promise((done, fail) => child.once("error", fail).once("exit", (code) => done(code ?? 1)));
}

/** What the pane shows, as a person would see it. */
async function show(title: string): Promise<void> {
  const rows = (await tmux.screen(agent!.paneId)).split("\n").filter((row) => row.trim() !== "").slice(-12);
  say(`\n${title}\n${rows.map((row) => `  │ ${row}`).join("\n")}`);
}

async function close(): Promise<void> {
  await cli(["down"], false);
  await agent?.stop();
  await tmux.kill();
  await model?.stop();
  await rm(dir, { recursive: true, force: true });
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void (closing ??= close()).then(() => process.exit(130)));

try {
  const place = { socket: tmux.socket, session: "demo", window: "agent", width: 100, height: 24 };
  if (kind) {
    say(`starting ${kind} in a tmux pane, in front of a model server on this machine`);
    model = await ModelServer.start();
    agent = await startRealAgent({ ...place, kind, home: join(dir, "home"), cwd: join(dir, "work"), modelUrl: model.url("demo") });
  } else {
    say("starting the bundled agent in a tmux pane");
    await mkdir(join(dir, "config/dispatch"), { recursive: true });
    await writeFile(join(dir, "config/dispatch/config.json"), JSON.stringify({ profiles: [demoProfile] }));
    agent = await startDemoAgent({ ...place, dir: join(dir, "agent") });
  }
  await show("the pane:");
  const key = "demo-1";
  const code = await cli(["send", "--server", tmux.socket, "--to", "demo:agent", "--prompt", prompt, "--key", key, "--wait", "finished"]);
  await show("the pane now:");
  const shown = await cli(["show", key]);
  if (model) say(`\nthe model server received: ${JSON.stringify(model.turns.flatMap((turn) => turn.texts))}`);
  process.exitCode = code || shown;
} finally {
  await (closing ??= close());
}
