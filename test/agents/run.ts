// The suite with the real agents: `npm run test:agents -- [--prompts N] [--agent KIND]… [--seed S] [--only INDEX of a prompt] [--no-scenes] [--scene REGEXP] [--verbose]`.
// Needs a build. What was delivered is judged by what the model server received.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ModelServer } from "../testkit/model-server/model-server.js";
import { generatePrompts } from "../testkit/prompts/generate-prompt.js";
import { installPinned } from "../testkit/real-agents/install-pinned.js";
import { isRealAgentKind, realAgentKinds, type RealAgentKind } from "../testkit/real-agents/kinds.js";
import { enterLoopbackNamespace } from "../testkit/real-agents/loopback-namespace.js";
import { busy } from "./scenes/busy.js";
import { goneInBetween } from "./scenes/gone-in-between.js";
import { overMcp } from "./scenes/over-mcp.js";
import { inTheWay } from "./scenes/in-the-way.js";
import { sameAndOther } from "./scenes/same-and-other.js";
import type { Scene } from "./scenes/scene.js";
import { trouble } from "./scenes/trouble.js";
import { whereRecordsLie } from "./scenes/where-records-lie.js";
import { AgentDesk, type Desked } from "./suite/agent-desk.js";
import { Dispatch } from "./suite/dispatch.js";
import { runPrompts, type PromptRunReport } from "./suite/prompt-run.js";
import { promptTable } from "./suite/table.js";

const { values } = parseArgs({
  options: {
    prompts: { type: "string", default: "200" }, agent: { type: "string", multiple: true }, seed: { type: "string", default: "1" },
    only: { type: "string" }, "no-scenes": { type: "boolean", default: false }, scene: { type: "string", default: "" }, verbose: { type: "boolean", default: false },
  },
});
const kinds = (values.agent ?? realAgentKinds).map((kind): RealAgentKind => {
  if (!isRealAgentKind(kind)) throw new Error(`unknown agent ${kind}: ${realAgentKinds.join(", ")}`);
  return kind;
});
const scenes: readonly Scene[] = values["no-scenes"] ? [] : [...inTheWay, ...goneInBetween, ...busy, ...sameAndOther, ...whereRecordsLie, ...overMcp, ...trouble].filter(({ name }) => new RegExp(values.scene).test(name));
const prompts = [...generatePrompts(Number(values.seed), Number(values.prompts))].filter(({ index }) => values.only === undefined || index === Number(values.only));
const say = (line: string) => process.stdout.write(`${line}\n`);
/** Share of idle sends that must be delivered. */
const enough = 0.995;
/** A single miss says nothing about a share where there are few sends. */
const allowedMisses = 1;

for (const name of [...kinds, ...new Set(scenes.flatMap(({ installs = [] }) => installs))]) await installPinned(name, say);
await enterLoopbackNamespace();

const dir = await mkdtemp(join(tmpdir(), "agents-"));
const [passed, failed, secondTries]: [string[], string[], string[]] = [[], [], []];
const reports: PromptRunReport[] = [];
let desk: AgentDesk | undefined;
let dispatch: Dispatch | undefined;
let ending: Promise<void> | undefined;

async function check(name: string, run: () => Promise<void>, tries = 1): Promise<void> {
  const began = performance.now();
  try {
    await run();
    passed.push(name);
    say(`ok    ${name} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    say(`${tries > 1 ? "again" : "FAIL "} ${name}\n${(error instanceof Error ? error.stack ?? error.message : String(error)).replace(/^/gm, "      ")}`);
    if (tries > 1) {
      secondTries.push(name);
      return check(name, run, tries - 1);
    }
    failed.push(name);
  }
}

async function runScenes(on: AgentDesk): Promise<void> {
  let agent: Desked | undefined;
  for (const scene of scenes) {
    if (scene.kinds && !scene.kinds.includes(on.kind)) continue;
    await check(`${on.kind}: ${scene.name}`, async () => {
      agent ??= await on.start();
      try {
        await scene.run({ desk: on, agent });
      } catch (error) {
        // The next scene gets an agent that nothing was left in.
        const screen = await agent.screen().catch(() => "");
        on.model.script.clear();
        await on.model.accept();
        on.model.release();
        await agent.agent.stop();
        agent = undefined;
        if (error instanceof Error) error.message += `\nscreen of the shared agent:\n${screen.replace(/\n+$/, "")}`;
        throw error;
      }
      // What the real programs do on a loaded machine is theirs: a scene may be played twice, and the second time is told below.
    }, 2);
  }
  await agent?.agent.stop();
}

function judgeReport({ counts, sends, strays, complaints }: PromptRunReport): void {
  if (complaints.length > 0) say(complaints.join("\n"));
  const delivered = counts.exact + counts.transformed;
  const wrong = [
    ...(["false", "double", "lost"] as const).filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`),
    ...(strays > 0 ? [`${strays} texts at the model that nobody sent`] : []),
    ...(delivered < Math.min(sends - counts.unsendable - allowedMisses, (sends - counts.unsendable) * enough) ? [`only ${delivered} of ${sends - counts.unsendable} delivered`] : []),
  ];
  if (wrong.length > 0) throw new Error(wrong.join(", "));
}

async function end(): Promise<void> {
  await desk?.stop();
  await dispatch?.stop();
  await rm(dir, { recursive: true, force: true });
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void (ending ??= end()).then(() => process.exit(1)));

try {
  dispatch = await Dispatch.start(join(dir, "state"));
  for (const kind of kinds) {
    const model = await ModelServer.start();
    desk = new AgentDesk(kind, dir, model, dispatch);
    const on = desk;
    if (prompts.length > 0) {
      await check(`${kind}: ${prompts.length} prompts, seed ${values.seed}`, async () => {
        const report = await runPrompts(on, prompts, values.verbose ? say : () => undefined);
        reports.push(report);
        judgeReport(report);
      });
    }
    await runScenes(on);
    await desk.stop();
    await model.stop();
  }
} finally {
  if (failed.length > 0) await writeFile(join(tmpdir(), "agents-daemon.log"), await dispatchLog(), { mode: 0o600 });
  await (ending ??= end());
}

async function dispatchLog(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(join(dir, "state/daemon.log"), "utf8").catch(() => "");
}

if (reports.length > 0) say(`\n${promptTable(reports)}\n`);
for (const name of secondTries) say(`needed a second try: ${name}`);
for (const name of failed) say(`failed: ${name}`);
say(`${passed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
