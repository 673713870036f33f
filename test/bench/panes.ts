// `npm run bench:panes [-- --panes N --watched N --seconds S]`: what it costs to watch some agents while nothing happens, and to list and detect them among many panes.
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Dispatch } from "../agents/suite/dispatch.js";
import { demoProfile } from "../demo/demo-profile.js";
import { startDemoAgent, type DemoAgent } from "../testkit/demo-agent/start-demo-agent.js";
import { TestTmux } from "../testkit/real-agents/tmux-server.js";
import { budgetLine, figure, figureLine, percentile } from "./statistics.js";

const { values } = parseArgs({ options: { panes: { type: "string", default: "200" }, watched: { type: "string", default: "50" }, seconds: { type: "string", default: "30" } } });
const [panes, watched, seconds] = [Number(values.panes), Number(values.watched), Number(values.seconds)];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const dir = await mkdtemp(join(tmpdir(), "bench-"));
// Where the node finds the server by itself: all of its panes are watched by one stream.
process.env["TMUX_TMPDIR"] = dir;
const sockets = join(dir, `tmux-${process.getuid?.() ?? 0}`);
await mkdir(sockets, { mode: 0o700 });
const tmux = new TestTmux(join(sockets, "bench"));
await mkdir(join(dir, "state/config/dispatch"), { recursive: true, mode: 0o700 });
await writeFile(join(dir, "state/config/dispatch/config.json"), JSON.stringify({ profiles: [demoProfile] }), { mode: 0o600 });
const dispatch = await Dispatch.start(join(dir, "state"));
const agents: DemoAgent[] = [];

/** Ticks of 10 ms that the process has used. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /su, "").split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

try {
  while (agents.length < watched) agents.push(await startDemoAgent({ socket: tmux.socket, session: "bench", window: `w${agents.length}`, dir: join(dir, `agent${agents.length}`) }));
  const pid = await dispatch.pid();
  const stop = new AbortController();
  let events = 0;
  let allTold = (): void => undefined;
  const told = new Promise<void>((resolve) => (allTold = resolve));
  const watching = (async () => {
    for await (const _ of dispatch.client.watch(undefined, { signal: stop.signal })) if (++events === watched) allTold();
  })();
  // To find out what is in the panes is not idle.
  await told;
  const before = cpuTicks(pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const share = ((cpuTicks(pid) - before) / (seconds * 100)) * 100;
  const rssMb = Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  stop.abort();
  await watching;

  // The rest are shells: two hundred agents would measure how this machine bears two hundred more programs.
  for (let index = watched; index < panes; index++) await tmux.open({ session: "bench", window: `shell${index}`, cwd: dir, width: 120, height: 30, command: ["sh"] });
  const times: number[] = [];
  for (let round = 0; round < 22; round++) {
    const began = performance.now();
    const found = await dispatch.client.targets({ server: tmux.socket });
    if (found.length !== panes || found.filter(({ detection }) => detection.agentKind === demoProfile.name).length !== watched) throw new Error(`found ${found.length} panes, and not what is in them`);
    // The first ones are not warm.
    if (round >= 2) times.push(performance.now() - began);
  }
  say(figureLine(figure(`list and detect ${panes} panes`, times)));
  say(`watching for ${seconds} s: ${events} events`);
  say("");
  say(budgetLine(`list and detect ${panes} panes, p50`, percentile(times, 50), 150, "ms"));
  say(budgetLine(`idle, ${watched} panes: share of a core`, share, 1, "%"));
  say(budgetLine(`idle, ${watched} panes: resident memory`, rssMb, 200, "MB"));
} finally {
  await dispatch.stop();
  for (const agent of agents) await agent.stop();
  await tmux.kill();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}
