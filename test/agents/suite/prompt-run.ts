import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GeneratedPrompt } from "../../testkit/prompts/generate-prompt.js";
import { patienceMs, type AgentDesk, type Desked } from "./agent-desk.js";
import { judge, textsWith, type SendResult, type Verdict } from "./judge.js";

export interface PromptRunReport {
  readonly agent: string;
  readonly sends: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Texts at the model that are none of the prompts. */
  readonly strays: number;
  /** Milliseconds from call to verdict. */
  readonly latencies: readonly number[];
  /** Each with the index of its prompt: the same seed and `--only INDEX` make it again. */
  readonly complaints: readonly string[];
}

const verdicts: readonly Verdict[] = ["exact", "transformed", "unsendable", "refused", "unconfirmed", "false", "double", "lost"];
/** Every so many prompts go through the command line, the others through the library. */
const cliEvery = 10;
/** Composers fold, scroll and cut a prompt in other ways in each of them, so each prompt is sent in the next one. */
const paneSizes = [[140, 40], [80, 24], [200, 50], [100, 30]] as const;

/** Sends generated prompts to one idle agent, one after the other, and holds each result against what the model got. */
export async function runPrompts(desk: AgentDesk, prompts: readonly GeneratedPrompt[], say: (line: string) => void): Promise<PromptRunReport> {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  const complaints: string[] = [];
  const latencies: number[] = [];
  const sent: { token: string; text: string; result: SendResult; label: string }[] = [];
  let agent = await desk.start();
  const names = new Set([agent.name]);
  for (const { index, token, shape, text } of prompts) {
    const [width, height] = paneSizes[index % paneSizes.length] ?? paneSizes[0];
    const label = `prompt ${index} "${shape}" ${Buffer.byteLength(text)} bytes, ${width}x${height}`;
    try {
      await agent.answered();
      await agent.resize(width, height);
    } catch (error) {
      complaints.push(`${label}: before it, ${String(error)}`);
      agent = await desk.start();
      names.add(agent.name);
    }
    const began = performance.now();
    const said = await (index % cliEvery === cliEvery - 1 ? sendByCli(agent, text) : agent.send(text)).then((value) => value, failed);
    latencies.push(performance.now() - began);
    // A fresh Gemini looks idle and queues its first prompt until it is set up: how that ends is what counts.
    const result = said.status === "queued" ? await agent.settled(said) : said;
    const got = await agent.texts(token, { timeoutMs: result.status === "delivered" ? patienceMs : 1500 });
    sent.push({ token, text, result, label });
    const first = judge(text, result, got);
    say(`${desk.kind} ${label}: ${first.verdict} ${first.why} ${Math.round(latencies.at(-1) ?? 0)} ms`);
    // The screen as it was helps to understand what went wrong; it is overwritten by the next prompt.
    if (!["exact", "transformed", "unsendable"].includes(first.verdict)) complaints.push(`${label}: ${first.verdict}: ${first.why}; ${result.detail} ${result.detection?.reason ?? ""}\n${indented(await agent.screen())}`);
  }
  // Judged again at the end: a second copy may come late.
  const turns = desk.model.turns.filter((turn) => names.has(turn.client));
  for (const { token, text, result, label } of sent) {
    const { verdict, why } = judge(text, result, textsWith(token, turns));
    counts[verdict]++;
    if (verdict === "double") complaints.push(`${label}: ${why}`);
  }
  const strays = turns.flatMap((turn) => turn.texts).filter((text) => !text.startsWith("warm up ") && !sent.some(({ token }) => text.includes(token)));
  for (const stray of strays) complaints.push(`stray text at the model: ${JSON.stringify(stray.slice(0, 200))}`);
  return { agent: desk.kind, sends: sent.length, counts, strays: strays.length, latencies, complaints };
}

async function sendByCli(agent: Desked, text: string): Promise<SendResult> {
  const file = join(agent.desk.dir, "prompt.txt");
  await writeFile(file, text, { mode: 0o600 });
  const { json } = await agent.desk.dispatch.cli(["send", "--to", agent.paneId, "--server", agent.desk.tmux.socket, "--file", file, "--timeout", "60s", "--json"]);
  const { id, status, reason, detail, evidence, detection } = json;
  if (id === undefined || status === undefined) throw new Error(`the command line said ${JSON.stringify(json)}`);
  return { id, status, reason: reason ?? "", detail: detail ?? "", evidence: evidence ?? undefined, detection: detection ?? undefined };
}

/** An error is an outcome too: nothing is known, so it counts as lost. */
function failed(error: unknown): SendResult {
  return { id: "", status: "pending", reason: "", detail: String(error), evidence: undefined };
}

function indented(screen: string): string {
  return screen.replace(/\n+$/, "").split("\n").slice(-14).map((row) => `      | ${row}`).join("\n");
}
