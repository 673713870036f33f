// Makes the table of test/agents/FINDINGS.md from what probe.ts wrote: node test/testkit/run-ts.mjs test/agents/probe/report.ts DIR…
import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { realAgentKinds } from "../../testkit/real-agents/kinds.js";
import { probeCases } from "./cases.js";

interface Outcome {
  readonly id: string;
  readonly model: string;
  readonly record: string;
  readonly modelTexts: readonly string[];
  readonly dead: boolean;
  readonly presses?: number;
  readonly composer?: string;
  readonly screen?: string;
}

const outcomes = new Map<string, Outcome[]>();
for (const kind of realAgentKinds) {
  for (const dir of process.argv.slice(2)) {
    const file = join(dir, `${kind}.jsonl`);
    if (!existsSync(file)) continue;
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const outcome = JSON.parse(line) as Outcome;
      const key = `${kind} ${outcome.id}`;
      outcomes.set(key, [...(outcomes.get(key) ?? []), outcome]);
    }
  }
}

/** What became of one try, in a few words. */
function words(outcome: Outcome): string {
  return outcome.presses === 2 ? `${firstWords(outcome)} after a second Enter` : firstWords(outcome);
}

function firstWords({ model, modelTexts, dead, composer, screen, record }: Outcome): string {
  if (dead) return "**exits**";
  const got = modelTexts[0] ?? "";
  if (model === "nothing") {
    if (record.includes("user_shell_command")) return "**runs as a shell command**";
    if (composer === undefined) return "not sent: a dialog or menu opens";
    if (/Unrecognized command|Unknown (slash )?command/i.test(screen ?? "")) return composer === "" ? "not sent: unknown command, text gone" : "not sent: unknown command, text stays";
    return composer === "" ? "not sent: taken as a command or dropped" : "not sent: text stays";
  }
  if (got.startsWith("<bash-input>")) return "**runs as a shell command**, then sent as such";
  if (got.startsWith("<command-message>")) return `**runs the command ${/<command-name>([^<]*)/.exec(got)?.[1] ?? ""}**`;
  if (got.startsWith("<image") || got.includes("[Image: source:")) return "the path becomes an image";
  if (model.includes("<skill>")) return `${model.split(" | ")[0]}; a skill's text is added`;
  return model.replace(/ \+ at \d+: /g, "; ").replace(/^at \d+: /, "");
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function shown(text: string): string {
  const short = text.length > 70 ? `${text.slice(0, 45)}… (${text.length})` : text;
  const escaped = JSON.stringify(short).slice(1, -1).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\u00a0\u2000-\u200a\u3000\u3164\u2800\ufdd0]|[\ufe00-\ufe0f]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `\`${escaped.replaceAll("`", "ˋ").replaceAll("\\\"", "\"")}\``;
}

const lines = [`| text | ${realAgentKinds.join(" | ")} |`, `|---|${realAgentKinds.map(() => "---").join("|")}|`];
for (const each of probeCases()) {
  const cells = realAgentKinds.map((kind) => {
    const tries = outcomes.get(`${kind} ${each.id}`) ?? [];
    const counted = new Map<string, number>();
    for (const one of tries) counted.set(words(one), (counted.get(words(one)) ?? 0) + 1);
    return tries.length === 0 ? "–" : [...counted].map(([text, count]) => `${text} (${count})`).join("; ");
  });
  if (cells.some((text) => text !== "–")) lines.push(`| ${cell(shown(each.text))} | ${cells.map(cell).join(" | ")} |`);
}
process.stdout.write(`${lines.join("\n")}\n`);
