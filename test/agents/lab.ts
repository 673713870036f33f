// Real agents in front of the loopback model server, to play with by hand: `node test/testkit/run-ts.mjs test/agents/lab.ts --dir DIR [KIND[=NAME]…]`.
// Everything lives under DIR; lab.json there says where. Ctrl-C (or SIGTERM) ends it all.
import { mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startControlServer } from "../testkit/model-server/control-server.js";
import { ModelServer } from "../testkit/model-server/model-server.js";
import { isRealAgentKind, realAgentKinds } from "../testkit/real-agents/kinds.js";
import { enterLoopbackNamespace } from "../testkit/real-agents/loopback-namespace.js";
import { startRealAgent, type RealAgent } from "../testkit/real-agents/start-real-agent.js";
import { TestTmux } from "../testkit/real-agents/tmux-server.js";
import { installPinned } from "../testkit/real-agents/install-pinned.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dir: { type: "string" }, width: { type: "string", default: "140" }, height: { type: "string", default: "40" }, raw: { type: "boolean", default: false } },
});
if (!values.dir) throw new Error("--dir DIR is missing");
const wanted = (positionals.length > 0 ? positionals : realAgentKinds).map((word) => {
  const [kind = "", name = kind] = word.split("=");
  if (!isRealAgentKind(kind)) throw new Error(`unknown agent ${kind}: ${realAgentKinds.join(", ")}`);
  return { kind, name };
});
for (const { kind } of wanted) await installPinned(kind, (line) => process.stdout.write(`${line}\n`));
const network = await enterLoopbackNamespace();

mkdirSync(values.dir, { recursive: true, mode: 0o700 });
const dir = realpathSync(values.dir);
const socket = join(dir, "tmux.sock");
const control = join(dir, "control.sock");
const model = await ModelServer.start({ recordDir: join(dir, "model"), raw: values.raw });
const controlServer = await startControlServer(model, control);
const agents: RealAgent[] = [];
let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  for (const agent of agents) await agent.stop();
  await new TestTmux(socket).kill();
  controlServer.close();
  await model.stop();
  rmSync(join(dir, "lab.json"), { force: true });
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));

try {
  for (const { kind, name } of wanted) {
    agents.push(await startRealAgent({
      kind, socket, session: "lab", window: name, home: join(dir, "home", name), cwd: join(dir, "work", name),
      modelUrl: model.url(name), width: Number(values.width), height: Number(values.height),
    }));
    process.stdout.write(`${name}: ready in ${agents.at(-1)?.paneId}\n`);
  }
  const lab = {
    pid: process.pid, network, socket, control, modelPort: model.port, turns: join(dir, "model/turns.jsonl"),
    agents: agents.map((agent, index) => ({ name: wanted[index]?.name, kind: agent.kind, pane: agent.paneId, pid: agent.pid, home: agent.home, cwd: agent.cwd })),
  };
  writeFileSync(join(dir, "lab.json"), `${JSON.stringify(lab, null, 1)}\n`);
  process.stdout.write(`${JSON.stringify(lab, null, 1)}\n`);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  await end(1);
}
