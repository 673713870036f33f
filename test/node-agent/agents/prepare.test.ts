import { describe, expect, it } from "vitest";
import type { PrepareOptions } from "../../../node-agent/agents/agent-adapter.js";
import { builtInAgents } from "../../../node-agent/agents/built-in-agents.js";

const files = new Set(["/tmp/shot.png", "/etc/hostname", "/tmp/two words.png", "/tmp/paper.pdf"]);
const options: PrepareOptions = { command: false, fileExists: (path) => files.has(path) };

function prepare(kind: string, text: string, more: Partial<PrepareOptions> = {}): string {
  const adapter = builtInAgents.find((each) => each.kind === kind);
  const prepared = adapter?.prepare(text, { ...options, ...more });
  return prepared?.refusal === undefined ? (prepared?.text ?? "") : "refused";
}

// Each row was seen on the real program (versions in node-agent/agents/verified-versions.ts): what it would have done otherwise stands behind it.
const cases: readonly [string, Readonly<Record<string, string>>, string][] = [
  ["run the tests", { claude: "run the tests", codex: "run the tests", opencode: "run the tests", gemini: "run the tests" }, ""],
  ["exit", { claude: "refused", codex: "exit", opencode: "refused", gemini: "exit" }, "the agent exits"],
  [" :q\n", { claude: "refused", codex: " :q\n", opencode: "refused", gemini: " :q\n" }, "the agent exits"],
  [":wq", { claude: "refused", opencode: ":wq" }, "Claude exits"],
  ["exit now", { claude: "exit now", opencode: "exit now" }, ""],
  ["!ls", { claude: " !ls", codex: " !ls", opencode: " !ls", gemini: "!ls" }, "it runs as a shell command"],
  ["/help", { claude: "\u2800/help", codex: " /help", opencode: " /help", gemini: "refused" }, "a command runs"],
  ["/etc", { claude: "\u2800/etc", codex: " /etc", opencode: " /etc", gemini: "refused" }, "the nearest command runs"],
  ["/foo bar", { claude: "\u2800/foo bar", codex: " /foo bar", opencode: " /foo bar", gemini: "refused" }, "it is rejected"],
  ["/ bar", { claude: "\u2800/ bar", codex: " / bar", opencode: " / bar", gemini: "refused" }, "it is rejected"],
  ["/* a comment */", { claude: "\u2800/* a comment */", codex: " /* a comment */" }, "it is rejected"],
  ["\n/foo bar", { claude: "\u2800\n/foo bar", codex: " /foo bar", gemini: "refused" }, "Codex rejects it, Claude looks behind the line end"],
  [" /exit now", { claude: "\u2800 /exit now" }, "Claude exits"],
  ["\u200b\u2060/help me", { claude: "\u2800\u200b\u2060/help me" }, "Claude drops what is not drawn and runs the command"],
  ["\n /etc/hosts is wrong", { claude: "\n /etc/hosts is wrong" }, ""],
  ["smile :smi", { claude: "smile :smi ", codex: "smile :smi" }, "the key goes to the emoji menu"],
  ["as follows:", { claude: "as follows:" }, ""],
  ["see http:foo", { claude: "see http:foo" }, ""],
  ["/etc/hosts is wrong", { claude: "/etc/hosts is wrong", codex: "/etc/hosts is wrong", opencode: " /etc/hosts is wrong", gemini: "/etc/hosts is wrong" }, "OpenCode opens its list of commands"],
  ["path is C:\\", { claude: "path is C:\\ ", codex: "path is C:\\", opencode: "path is C:\\", gemini: "path is C:\\ " }, "the key becomes a line break"],
  ["see @README.md", { claude: "see @README.md ", codex: "see @README.md ", opencode: "see @README.md ", gemini: "see @README.md " }, "the key goes to the file menu"],
  ["(see @README.md)", { opencode: "(see @README.md) " }, "the key goes to the file menu"],
  ["mail me@example.com", { claude: "mail me@example.com", opencode: "mail me@example.com" }, ""],
  ["costs $word", { claude: "costs $word", codex: "costs $word " }, "the key goes to the list of skills"],
  ["look at /tmp/shot.png", { claude: "refused", codex: "look at /tmp/shot.png", opencode: "look at /tmp/shot.png", gemini: "look at /tmp/shot.png" }, "Claude takes the image"],
  ["look at /tmp/shot.png now", { claude: "look at /tmp/shot.png now" }, ""],
  ["/tmp/shot.png", { claude: "refused", codex: "refused", opencode: "refused", gemini: "refused" }, "the image is taken"],
  ["'/tmp/two words.png' ", { claude: "refused", codex: "refused", opencode: "refused" }, "the image is taken"],
  ["file:///tmp/shot.png", { claude: "refused", codex: "refused", opencode: "refused" }, "the image is taken"],
  ["/tmp/none.png", { claude: "/tmp/none.png", codex: "/tmp/none.png" }, ""],
  ["/tmp/paper.pdf", { claude: "/tmp/paper.pdf", opencode: "refused" }, "OpenCode takes the file"],
  ["/etc/hostname", { claude: "/etc/hostname", codex: "/etc/hostname", gemini: "refused" }, "Gemini reads the file"],
];

describe("what would not be taken as a prompt", () => {
  it.each(cases.flatMap(([text, expected, why]) => Object.entries(expected).map(([kind, wanted]) => [kind, text, wanted, why] as const)))(
    "%s: %j is pasted as %j (%s)", (kind, text, wanted) => {
      expect(prepare(kind, text)).toBe(wanted);
    },
  );

  it.each(builtInAgents.map((agent) => agent.kind))("%s: a text that is meant as a command is left alone", (kind) => {
    expect(prepare(kind, "/compact", { command: true })).toBe("/compact");
    expect(prepare(kind, "exit", { command: true })).toBe("exit");
  });
});
