// Pastes odd texts into a real agent, raw, and writes down what came of each: one JSON line per try in DIR/<agent>.jsonl. Tries that are there already are left out.
// node test/testkit/run-ts.mjs test/agents/probe/probe.ts --dir DIR --agent KIND [--repeat N] [--only REGEXP] [--width W] [--delay MS before the key]
import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ModelServer } from "../../testkit/model-server/model-server.js";
import { composerText, isIdle } from "../../testkit/real-agents/composer-text.js";
import { installPinned } from "../../testkit/real-agents/install-pinned.js";
import { isRealAgentKind } from "../../testkit/real-agents/kinds.js";
import { enterLoopbackNamespace } from "../../testkit/real-agents/loopback-namespace.js";
import { processesOfHome } from "../../testkit/real-agents/process-ends.js";
import { recordedUserTexts } from "../../testkit/real-agents/record-texts.js";
import { startRealAgent, type RealAgent } from "../../testkit/real-agents/start-real-agent.js";
import { TestTmux } from "../../testkit/real-agents/tmux-server.js";
import { probeCases, type ProbeCase } from "./cases.js";
import { describeChange } from "./describe-change.js";

const { values } = parseArgs({
  options: {
    dir: { type: "string" }, agent: { type: "string" }, repeat: { type: "string", default: "1" }, only: { type: "string", default: "" }, width: { type: "string", default: "140" }, delay: { type: "string" },
  },
});
const kind = values.agent ?? "";
if (!values.dir || !isRealAgentKind(kind)) throw new Error("--dir DIR and --agent KIND are needed");
await installPinned(kind);
await enterLoopbackNamespace();

mkdirSync(values.dir, { recursive: true, mode: 0o700 });
const dir = realpathSync(values.dir);
const results = join(dir, `${kind}.jsonl`);
const tmux = new TestTmux(join(dir, `${kind}.sock`));
const model = await ModelServer.start();
const keyDelayMs = Number(values.delay ?? (kind === "gemini" ? 150 : 0));
const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));
// A small picture, a PDF and an SVG that the path cases name.
writeFileSync("/tmp/dispatch-probe.png", Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"));
writeFileSync("/tmp/dispatch-probe.pdf", "%PDF-1.4\n%%EOF\n");
writeFileSync("/tmp/dispatch-probe.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>\n");
writeFileSync("/tmp/with space.txt", "x\n");

let agent: RealAgent | undefined;
let started = 0;

async function ready(): Promise<RealAgent> {
  if (agent && await tmux.pane(agent.paneId, "#{pane_dead}").catch(() => "1") === "0") {
    // One look is not enough: some menus and notices go by themselves within a second.
    for (let look = 0; look < 15; look++) {
      if (isIdle(kind as never, await tmux.screen(agent.paneId))) return agent;
      await pause(100);
    }
  }
  await agent?.stop();
  started++;
  agent = await startRealAgent({
    kind: kind as never, socket: tmux.socket, session: "probe", window: `${kind}${started}`, home: join(dir, `${kind}-home-${process.pid}-${started}`), cwd: join(dir, `${kind}-work`),
    modelUrl: model.url(kind), width: Number(values.width),
  });
  // The first prompt of a fresh process can take seconds (OpenCode): it is none of the cases.
  const after = model.turns.length;
  await submit(agent.paneId, "warm up");
  if (!await model.log.waitFor(() => true, { afterId: after, timeoutMs: 30_000 })) {
    await tmux.run("send-keys", "-t", agent.paneId, "Enter");
    if (!await model.log.waitFor(() => true, { afterId: after, timeoutMs: 60_000 })) throw new Error(`no first turn:\n${await tmux.screen(agent.paneId)}`);
  }
  const end = Date.now() + 8000;
  while (Date.now() < end && !isIdle(kind as never, await tmux.screen(agent.paneId))) await pause(50);
  return agent;
}

async function paste(paneId: string, text: string): Promise<{ afterPaste: string; visibleMs: number }> {
  const before = await tmux.screen(paneId);
  const file = join(dir, `${kind}-paste`);
  writeFileSync(file, text, { mode: 0o600 });
  const began = performance.now();
  await tmux.run("load-buffer", "-b", "probe", file, ";", "paste-buffer", "-p", "-d", "-b", "probe", "-t", paneId);
  rmSync(file);
  let now = before;
  while (performance.now() - began < 3000) {
    now = await tmux.screen(paneId);
    if ((composerText(kind as never, now) ?? "") !== "") break;
    if (now !== before && performance.now() - began > 600) break;
  }
  return { afterPaste: now, visibleMs: Math.round(performance.now() - began) };
}

async function submit(paneId: string, text: string): Promise<{ afterPaste: string; visibleMs: number }> {
  const seen = await paste(paneId, text);
  await pause(keyDelayMs);
  await tmux.run("if-shell", "-F", "-t", paneId, "#{pane_dead}", "", `send-keys -t ${paneId} Enter`);
  return seen;
}

async function attempt(each: ProbeCase, round: number): Promise<void> {
  const token = `T${round}${Math.random().toString(36).slice(2, 8)}`;
  let { paneId, home } = await ready();
  if (each.before) {
    const after = model.turns.length;
    await submit(paneId, each.before.replaceAll("{T}", `B${token}`));
    await model.log.waitFor(() => true, { afterId: after, timeoutMs: 8000 });
    ({ paneId, home } = await ready());
  }
  const text = each.text.replaceAll("{T}", token);
  const turnsBefore = model.turns.length;
  const recordBefore = (await recordedUserTexts(kind as never, home)).length;
  const processesBefore = new Set(await processesOfHome(home));
  const { afterPaste, visibleMs } = await submit(paneId, text);
  const pressed = performance.now();
  const patienceMs = text.length > 50_000 ? 20_000 : 2500;
  let turn = await model.log.waitFor(() => true, { afterId: turnsBefore, timeoutMs: patienceMs });
  // The same text still in the composer: the key may have come too early (Gemini). It is pressed once more, as a person would.
  const parked = composerText(kind as never, afterPaste);
  let presses = 1;
  if (!turn && parked && composerText(kind as never, await tmux.screen(paneId))?.trimEnd() === parked.trimEnd()) {
    presses = 2;
    await tmux.run("send-keys", "-t", paneId, "Enter");
    turn = await model.log.waitFor(() => true, { afterId: turnsBefore, timeoutMs: patienceMs });
  }
  const modelMs = Math.round(performance.now() - pressed);
  if (turn) await pause(500);
  const after = await tmux.screen(paneId);
  const dead = await tmux.pane(paneId, "#{pane_dead}") === "1";
  const turns = model.turns.slice(turnsBefore);
  const texts = turns.flatMap((one) => one.texts);
  const record = (await recordedUserTexts(kind as never, home)).slice(recordBefore);
  const composer = composerText(kind as never, after);
  const outcome = {
    id: each.id, round, sent: text.length > 300 ? `${text.slice(0, 100)}… (${text.length})` : text,
    model: texts.length === 0 ? "nothing" : texts.map((got) => describeChange(text, got)).join(" | "),
    record: record.length === 0 ? "nothing" : record.map((got) => describeChange(text, got)).join(" | "),
    modelTexts: texts.map((got) => got.slice(0, 200)), context: turns.flatMap((one) => one.context).map((part) => part.slice(0, 150)),
    presses, dead, composer: composer?.slice(0, 200), pasteComposer: composerText(kind as never, afterPaste)?.slice(0, 200), visibleMs, modelMs, idleAfter: isIdle(kind as never, after),
    newProcesses: (await processesOfHome(home)).filter((pid) => !processesBefore.has(pid)).length,
    screen: turn && texts[0] !== undefined && describeChange(text, texts[0]) === "exact" && !dead ? undefined : after.replace(/\n+$/, ""), pasteScreen: turn ? undefined : afterPaste.replace(/\n+$/, ""),
  };
  appendFileSync(results, `${JSON.stringify(outcome)}\n`, { mode: 0o600 });
  process.stdout.write(`${kind} ${each.id}: ${outcome.model}${dead ? " EXITED" : ""}\n`);
  // A text that stayed is cleared; anything else but a plain turn may have left a menu or a mode: the next case starts from a new process.
  if (!turn && !dead && composer) await tmux.run("send-keys", "-t", paneId, "C-c");
  else if (!turn || dead || composer !== "") {
    await agent?.stop();
    agent = undefined;
  } else if (agent && await tmux.pane(paneId, "#{pane_dead}") === "0") {
    const end = Date.now() + 8000;
    while (Date.now() < end && !isIdle(kind as never, await tmux.screen(paneId))) await pause(50);
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void agent?.stop().then(() => tmux.kill()).then(() => process.exit(1)));
}

const done = new Set((existsSync(results) ? readFileSync(results, "utf8") : "").split("\n").filter(Boolean).map((line) => {
  const { id, round } = JSON.parse(line) as { id: string; round: number };
  return `${id} ${round}`;
}));

try {
  const only = new RegExp(values.only);
  for (let round = 1; round <= Number(values.repeat); round++) {
    for (const each of probeCases().filter((one) => only.test(one.id) && !done.has(`${one.id} ${round}`))) await attempt(each, round);
  }
} finally {
  await agent?.stop();
  await tmux.kill();
  await model.stop();
}
