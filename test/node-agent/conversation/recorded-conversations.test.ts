import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { ClaudeRecord } from "../../../node-agent/agents/claude/record.js";
import { CodexRecord } from "../../../node-agent/agents/codex/record.js";
import { GeminiRecord } from "../../../node-agent/agents/gemini/record.js";
import { OpenCodeRecord } from "../../../node-agent/agents/opencode/record.js";
import { ProfileRecord } from "../../../node-agent/agents/profile/record.js";
import type { ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import type { AgentRecord, RecordContext } from "../../../node-agent/records/agent-record.js";

const cwd = "/home/dev/work/app";
const claudeSession = "f8d41ce6-1166-4897-9944-7bf4a156601b";
const codexThread = "01a20723-ca29-7b23-92ea-1ca68bf01db6";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "agent-home-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function context({ knownRecord, open = [] }: { knownRecord?: string; open?: readonly string[] } = {}): RecordContext {
  const process: ProcessInfo = { pid: 4242, ppid: 1, started: 77n, executable: "/bin/agent", argv: ["agent"], cwd, processGroup: 1, foregroundGroup: 1 };
  const facts = { tree: async () => [], started: async () => undefined, ownPid: async (pid: number) => pid, environment: async () => new Map<string, string>(), openFiles: async (_pid: number, accepts: (file: string) => boolean = () => true) => open.filter(accepts) };
  return { process, tree: [process], environment: new Map([["HOME", home]]), facts, clock: systemClock, knownRecord };
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/records/${name}.jsonl`, import.meta.url), "utf8");
}

function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function said(record: AgentRecord, limit = 50): Promise<string[] | undefined> {
  return (await record.conversation(limit))?.messages.map(({ speaker, text }) => `${speaker}: ${text}`);
}

describe("Claude Code", () => {
  const sessionFile = (session = claudeSession): string => put(join(home, ".claude/sessions/4242.json"), JSON.stringify({ sessionId: session, status: "idle", procStart: "77" }));
  const transcript = (text: string): string => put(join(home, ".claude/projects/-home-dev-work-app", `${claudeSession}.jsonl`), text);

  it("tells what was said, in the order in which it was: not what was queued and taken back, no tool results", async () => {
    sessionFile();
    transcript(fixture("claude-2.1.197"));
    const conversation = await new ClaudeRecord(context()).conversation(50);
    expect(conversation?.sessionId).toBe(claudeSession);
    expect(conversation?.messages.map(({ speaker, text }) => `${speaker}: ${text}`).slice(0, 5)).toMatchInlineSnapshot(`
      [
        "user: first prompt",
        "agent: Noted. Answer 3.",
        "user: list files",
        "user: while tooling",
        "agent: Noted. Answer 4.",
      ]
    `);
    expect(conversation?.messages[0]?.at).toEqual(new Date("2026-11-23T06:42:09.178Z"));
    expect(JSON.stringify(conversation)).not.toContain("third queued");
  });

  it("puts a first answer that overtook its prompt in the file behind it", async () => {
    sessionFile();
    transcript([
      { type: "assistant", timestamp: "2026-11-23T06:42:01.500Z", message: { content: [{ type: "text", text: "hi" }] } },
      { type: "user", timestamp: "2026-11-23T06:42:01.000Z", message: { content: "hello" } },
    ].map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect(await said(new ClaudeRecord(context()))).toEqual(["user: hello", "agent: hi"]);
    expect(await said(new ClaudeRecord(context()), 1)).toEqual(["agent: hi"]);
  });

  it("leaves out what the program says under the user's name", async () => {
    sessionFile();
    transcript([
      { type: "user", isCompactSummary: true, message: { content: "This session is continued from …" } },
      { type: "user", isMeta: true, message: { content: "Caveat" } },
      { type: "user", message: { content: "<local-command-stdout>Bye</local-command-stdout>" } },
      { type: "user", isSidechain: true, message: { content: "to a subagent" } },
      { type: "user", message: { content: [{ type: "text", text: "one" }, { type: "image" }, { type: "text", text: "two" }] } },
    ].map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect(await said(new ClaudeRecord(context()))).toEqual(["user: one\ntwo"]);
  });

  it("is not known before the first prompt, nor by the file of an earlier process", async () => {
    expect(await said(new ClaudeRecord(context()))).toBeUndefined();
    sessionFile();
    expect(await said(new ClaudeRecord(context()))).toBeUndefined();
    transcript(fixture("claude-2.1.197"));
    put(join(home, ".claude/sessions/4242.json"), JSON.stringify({ sessionId: claudeSession, status: "idle", procStart: "76" }));
    expect(await said(new ClaudeRecord(context()))).toBeUndefined();
  });
});

describe("Codex", () => {
  const rollout = (thread = codexThread): string => put(join(home, `.codex/sessions/2026/11/23/rollout-2026-11-23T06-45-18-${thread}.jsonl`), fixture("codex-0.169.0"));
  const codex = (given: Parameters<typeof context>[0]): CodexRecord => new CodexRecord(context(given), join(home, ".codex"));

  it("tells each message once, without what Codex puts before the first", async () => {
    expect(await said(codex({ knownRecord: rollout() }))).toEqual([
      "user: codex one", "agent: Noted. Answer 6.", "user: codex busy A", "agent: Noted. Answer 13.", "user: codex tabbed B", "agent: Noted. Answer 14.",
    ]);
  });

  it("is not known while nothing was proven: the only rollout may be another agent's", async () => {
    rollout();
    expect(await said(codex({}))).toBeUndefined();
  });

  it("is the rollout that the agent holds open, over one that was proven earlier; not where it holds two", async () => {
    const [one, two] = [rollout(), rollout("11111111-2222-3333-4444-555555555555")];
    expect((await codex({ knownRecord: one, open: [two, "/dev/null"] }).conversation(1))?.sessionId).toBe("11111111-2222-3333-4444-555555555555");
    expect((await codex({ knownRecord: one, open: [one, two] }).conversation(1))?.sessionId).toBe(codexThread);
    expect(await codex({ open: [one, two] }).conversation(1)).toBeUndefined();
  });
});

it("Gemini CLI: each message once, without the files that it appended", async () => {
  const path = put(join(home, ".gemini/tmp/app/chats/session-1.jsonl"), fixture("gemini-0.61.0"));
  appendFileSync(path, `${JSON.stringify({ type: "user", content: "see @a\n--- Content from referenced files ---\nsecret file" })}\n`);
  const lines = await said(new GeminiRecord(context({ knownRecord: path })));
  expect(lines?.slice(0, 4)).toEqual(["user: gemini one", "agent: Noted. Answer 9.", "user: gemini busy A", "agent: Noted. Answer 14."]);
  expect(lines?.at(-1)).toBe("user: see @a");
});

describe("OpenCode", () => {
  let path: string;
  let database: Database.Database;
  beforeEach(() => {
    path = join(home, ".local/share/opencode/opencode.db");
    mkdirSync(dirname(path), { recursive: true });
    database = new Database(path);
    database.exec("CREATE TABLE message (id text PRIMARY KEY, session_id text, data text); CREATE TABLE part (id text PRIMARY KEY, message_id text, session_id text, data text)");
  });
  afterEach(() => {
    database.close();
  });
  const message = (id: string, session: string, data: object, ...parts: object[]): void => {
    database.prepare("INSERT INTO message VALUES (?, ?, ?)").run(id, session, JSON.stringify(data));
    parts.forEach((part, index) => database.prepare("INSERT INTO part VALUES (?, ?, ?, ?)").run(`${id}-${index}`, id, session, JSON.stringify(part)));
  };

  it("tells what was said in the known session alone, without what OpenCode adds", async () => {
    message("m1", "s1", { role: "user", time: { created: 1_000 } }, { type: "text", text: "a file", synthetic: true }, { type: "text", text: "read it" });
    message("m2", "s1", { role: "assistant", time: { created: 2_000 } }, { type: "tool", text: "no" });
    message("m3", "s2", { role: "user", time: { created: 2_500 } }, { type: "text", text: "another session" });
    message("m4", "s1", { role: "assistant", time: { created: 3_000 } }, { type: "reasoning", text: "hm" }, { type: "text", text: "read" });
    const record = new OpenCodeRecord(context({ knownRecord: `${path}#s1` }));
    expect(await record.conversation(50)).toEqual({ sessionId: "s1", messages: [{ speaker: "user", text: "read it", at: new Date(1_000) }, { speaker: "agent", text: "read", at: new Date(3_000) }] });
    expect((await record.conversation(1))?.messages.map(({ text }) => text)).toEqual(["read"]);
  });

  it("is not known while nothing was proven", async () => {
    message("m1", "s1", { role: "user" }, { type: "text", text: "x" });
    expect(await new OpenCodeRecord(context()).conversation(50)).toBeUndefined();
  });
});

describe("a long record", () => {
  const profile = { path: "~/.mini/*.jsonl", textField: "text", roleField: "type", answerRole: "assistant" };
  const conversation = (path: string, limit: number): Promise<string[] | undefined> => said(new ProfileRecord(profile, context({ knownRecord: path })), limit);

  it("is read from its end, over lines that are longer than a block, and no lines at all", async () => {
    const long = "ä€😀".repeat(100_000);
    const lines = Array.from({ length: 3_000 }, (_, index) => JSON.stringify({ type: index % 2 ? "assistant" : "user", text: `${index} ${index === 2_990 ? long : ""}` }));
    const path = put(join(home, ".mini/a.jsonl"), `${lines.join("\n")}\nno JSON\n\n[1]\n{"type":"user","text":"half wri`);
    const found = await conversation(path, 20);
    expect(found?.map((line) => Number(line.replace(/^\w+: (\d+) [^]*$/u, "$1")))).toEqual(Array.from({ length: 20 }, (_, index) => 2_980 + index));
    expect(found?.[10]).toBe(`user: 2990 ${long}`);
    expect(await conversation(path, 1_000)).toHaveLength(1_000);
  });

  it("may be empty", async () => {
    expect(await conversation(put(join(home, ".mini/a.jsonl"), ""), 20)).toEqual([]);
  });
});
