import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock, type Clock } from "../../../core/clock.js";
import { ClaudeRecord } from "../../../node-agent/agents/claude/record.js";
import { codexAdapter } from "../../../node-agent/agents/codex/adapter.js";
import { codewithAdapter } from "../../../node-agent/agents/codewith/adapter.js";
import { CodexRecord } from "../../../node-agent/agents/codex/record.js";
import { GeminiRecord } from "../../../node-agent/agents/gemini/record.js";
import type { ProcessFacts, ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import type { AgentRecord, RecordContext, RecordFinding } from "../../../node-agent/records/agent-record.js";

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

/** The fixtures were recorded on this day; a clock of that time makes their lines count as new. */
const clockAt = (iso: string): Clock => ({ ...systemClock, now: () => new Date(iso) });
const facts: ProcessFacts = { tree: async () => [], started: async () => undefined, ownPid: async (pid) => pid, environment: async () => new Map(), openFiles: async () => [] };

function context(iso: string, pid = 4242): RecordContext {
  const process: ProcessInfo = { pid, ppid: 1, started: 77n, executable: "/bin/agent", argv: ["agent"], cwd, processGroup: pid, foregroundGroup: pid };
  return { process, tree: [process], environment: new Map([["HOME", home]]), facts, clock: clockAt(iso) };
}

function fixture(name: string): string[] {
  return readFileSync(new URL(`../../fixtures/records/${name}.jsonl`, import.meta.url), "utf8").trimEnd().split("\n");
}

function put(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
}

/** Takes the baseline on the first `before` lines, then lets the rest be written line by line; tells each finding. */
async function replay(record: AgentRecord, path: string, lines: readonly string[], before: number, text: string): Promise<RecordFinding[]> {
  if (before > 0) put(path, lines.slice(0, before));
  const follower = record.follow(await record.baseline(), text);
  const findings: RecordFinding[] = [await follower.poll()];
  mkdirSync(dirname(path), { recursive: true });
  for (const line of lines.slice(before)) {
    appendFileSync(path, `${line}\n`);
    findings.push(await follower.poll());
  }
  follower.close();
  return findings;
}

function summary(findings: readonly RecordFinding[]): string[] {
  const words = findings.map((f) => [f.queued && "queued", f.withdrawn && "withdrawn", f.rejected && "rejected", f.match && "match", f.finished && "finished", f.ambiguous && "ambiguous"].filter(Boolean).join("+") || "-");
  return words.filter((word, index) => word !== words[index - 1]);
}

describe("Claude Code", () => {
  const lines = fixture("claude-2.1.197");
  const iso = "2026-11-23T06:42:00Z";
  const transcript = (session = claudeSession): string => join(home, ".claude/projects", "-home-dev-work-app", `${session}.jsonl`);
  const pidFile = (session: string, status = "idle", started = "77"): void => {
    put(join(home, ".claude/sessions/4242.json"), [JSON.stringify({ pid: 4242, sessionId: session, status, procStart: started, version: "2.1.197" })]);
  };
  const record = (): ClaudeRecord => new ClaudeRecord(context(iso));

  it("proves a first prompt in a transcript that did not exist before", async () => {
    pidFile(claudeSession);
    const findings = await replay(record(), transcript(), lines, 0, "first prompt");
    expect(summary(findings)).toEqual(["-", "match", "match+finished"]);
    expect(findings.at(-1)).toMatchObject({ answer: "Noted. Answer 3.", match: { sessionId: claudeSession, text: "first prompt", transformation: [] } });
  });

  // Seen with 2.1.197: the lines of a first answer that comes at once overtake the prompt in the file; a turn's end may follow the next prompt.
  it("finds the end of its own turn, wherever it stands in the file", async () => {
    pidFile(claudeSession);
    const timestamp = "2026-11-23T06:42:01.000Z";
    const user = (uuid: string, parentUuid: string | null, content: string) => JSON.stringify({ type: "user", uuid, parentUuid, timestamp, message: { content } });
    const note = (uuid: string, parentUuid: string) => JSON.stringify({ type: "attachment", uuid, parentUuid, timestamp, attachment: {} });
    const answer = (uuid: string, parentUuid: string, text: string) => JSON.stringify({ type: "assistant", uuid, parentUuid, timestamp, message: { content: [{ type: "text", text }] } });
    const end = (uuid: string, parentUuid: string) => JSON.stringify({ type: "system", subtype: "turn_duration", uuid, parentUuid, timestamp });
    const first = await replay(record(), transcript(), [answer("c", "b", "hi"), end("d", "c"), user("a", null, "hello"), note("b", "a")], 0, "hello");
    expect(summary(first)).toEqual(["-", "match", "match+finished"]);
    expect(first.at(-1)?.answer).toBe("hi");
    rmSync(transcript());
    const second = await replay(record(), transcript(), [user("a", null, "before"), answer("b", "a", "to that"), user("x", "b", "hello"), end("c", "b"), answer("y", "x", "to this"), end("z", "y")], 0, "hello");
    expect(second.map(({ finished, answer: text }) => [finished, text]).slice(-4)).toEqual([[false, undefined], [false, undefined], [false, "to this"], [true, "to this"]]);
  });

  // Seen with 2.1.332: a hook that blocks a prompt has it recorded behind the hook's own words.
  it.each([
    ["no such prompts here", "run it", "run it"],
    ["Original prompt: run\n\nOriginal prompt: that", "run it", "run it"],
    ["json says no", "first\n\nOriginal prompt: second", "first\n\nOriginal prompt: second"],
    ["[/srv/demo/hook.sh]: no", "one\ntwo\nthree\nfour", '\n\n<pasted_content id="2a12">\none\ntwo\nthree\nfour\n</pasted_content id="2a12">'],
  ])("tells a prompt that a hook has blocked (%#)", async (words, prompt, recorded) => {
    pidFile(claudeSession);
    const line = JSON.stringify({
      type: "system", subtype: "informational", uuid: "a", parentUuid: null, timestamp: "2026-11-23T06:42:01.000Z", level: "warning",
      content: `UserPromptSubmit operation blocked by hook:\n${words}\n\nOriginal prompt: ${recorded}`, promptSubmitEnding: { ending: { kind: "blocked_by_hook" }, promptKept: false },
    });
    expect(summary(await replay(record(), transcript(), [line], 0, prompt))).toEqual(["-", "rejected"]);
    rmSync(transcript());
    expect(summary(await replay(record(), transcript(), [line], 0, "another"))).toEqual(["-"]);
  });

  it("tells a queued prompt that a person took back from one that was taken", async () => {
    pidFile(claudeSession);
    expect(summary(await replay(record(), transcript(), lines, 4, "second queued"))).toEqual(["-", "queued", "withdrawn"]);
    rmSync(transcript());
    // "remove" stands there before the prompt is handed to the running turn.
    expect(summary(await replay(record(), transcript(), lines, 4, "while tooling"))).toEqual(["-", "queued", "withdrawn", "match", "match+finished"]);
  });

  it("finds a folded paste between the tags that 2.1.332 puts around it, alone and queued, and names them", async () => {
    const tagged = fixture("claude-2.1.332");
    const text = "line1 abc\nline2\nline3\nline4\nline5 end";
    pidFile(claudeSession);
    const alone = await replay(record(), transcript(), tagged.slice(0, 14), 0, text);
    expect(summary(alone)).toEqual(["-", "match", "match+finished"]);
    expect(alone.at(-1)).toMatchObject({ answer: "Noted. Answer 1.", match: { text, transformation: [], beside: ["wrapped_as_pasted_content"] } });
    rmSync(transcript());
    const queued = await replay(record(), transcript(), tagged.slice(0, 25), 15, text);
    expect(summary(queued)).toEqual(["-", "queued", "match", "match+finished"]);
    expect(queued[1]?.queuedMatch?.beside).toEqual(["wrapped_as_pasted_content"]);
    expect(queued.at(-1)?.match?.beside).toEqual(["wrapped_as_pasted_content", "merged_with_other_prompts"]);
  });

  it("tells prompts that 2.1.332 took out of its queue together from one that it took alone", async () => {
    const tagged = fixture("claude-2.1.332");
    pidFile(claudeSession);
    const second = await replay(record(), transcript(), tagged.slice(0, 25), 15, "single queued");
    expect(second.find(({ match }) => match)?.match?.beside).toEqual(["merged_with_other_prompts"]);
    rmSync(transcript());
    const alone = await replay(record(), transcript(), tagged, 25, "line1 abc\nline2\nline3\nline4\nline5 end");
    expect(alone.at(-1)?.match?.beside).toEqual(["wrapped_as_pasted_content"]);
  });

  it("takes a text that only looks like such tags for what it is", async () => {
    pidFile(claudeSession);
    const text = 'see <pasted_content id="a">\nx\n</pasted_content id="a">';
    const line = JSON.stringify({ type: "user", uuid: "u", timestamp: "2026-11-23T06:42:01.000Z", message: { content: text } });
    expect((await replay(record(), transcript(), [line], 0, text)).at(-1)?.match).toMatchObject({ text, beside: [] });
  });

  it("counts nothing from before the baseline, and the same prompt again after it", async () => {
    pidFile(claudeSession);
    const all = await replay(record(), transcript(), lines, lines.length, "first prompt");
    expect(summary(all)).toEqual(["-"]);
    const again = await replay(record(), transcript(), [...lines, ...lines], lines.length, "first prompt");
    expect(again.at(-1)?.match?.locator).toMatch(new RegExp(`${claudeSession}.jsonl@\\d{4,}$`, "u"));
  });

  it("follows a session that changed with /clear", async () => {
    pidFile("11111111-2222-3333-4444-555555555555");
    const r = record();
    const follower = r.follow(await r.baseline(), "list files");
    pidFile(claudeSession);
    put(transcript(), lines);
    expect((await follower.poll()).match?.sessionId).toBe(claudeSession);
  });

  it("takes old lines of a session that was opened again for what they are", async () => {
    pidFile("11111111-2222-3333-4444-555555555555");
    const late = new ClaudeRecord(context("2026-11-23T09:00:00Z"));
    const follower = late.follow(await late.baseline(), "list files");
    pidFile(claudeSession);
    put(transcript(), lines);
    expect((await follower.poll()).match).toBeUndefined();
  });

  it("reads the state, and distrusts the file of an earlier process with this pid", async () => {
    pidFile(claudeSession, "waiting");
    expect(await record().state()).toMatchObject({ state: "dialog", sessionId: claudeSession });
    pidFile(claudeSession, "idle", "76");
    expect(await record().state()).toMatchObject({ state: "starting" });
    writeFileSync(join(home, ".claude/sessions/4242.json"), '{"pid":42');
    expect(await record().state()).toMatchObject({ state: "starting" });
    rmSync(join(home, ".claude/sessions/4242.json"));
    expect(await record().state()).toMatchObject({ state: "starting" });
    pidFile(claudeSession, "");
    expect(await record().state()).toMatchObject({ state: "starting" });
    const startedAt = Date.parse(iso) - 2_000;
    const rested = (statusUpdatedAt: number): void => put(join(home, ".claude/sessions/4242.json"), [JSON.stringify({ pid: 4242, sessionId: claudeSession, status: "idle", procStart: "77", startedAt, statusUpdatedAt })]);
    rested(startedAt + 1_200);
    expect(await record().state()).toMatchObject({ state: "starting" });
    rested(startedAt + 800);
    expect(await record().state()).toMatchObject({ state: "idle" });
    // A shell that a turn left in the background (2.1.332).
    pidFile(claudeSession, "shell");
    expect(await record().state()).toMatchObject({ state: "idle", sessionId: claudeSession });
    pidFile(claudeSession, "hibernating");
    expect(await record().state()).toBeUndefined();
  });

  it("is named by the pid that the process has in its own namespace", async () => {
    put(join(home, ".claude/sessions/2.json"), [JSON.stringify({ pid: 2, sessionId: claudeSession, status: "idle", procStart: "77" })]);
    const inside = new ClaudeRecord({ ...context(iso), facts: { ...facts, ownPid: async (pid) => (pid === 4242 ? 2 : pid) } });
    expect(await inside.state()).toMatchObject({ state: "idle", sessionId: claudeSession });
    expect(inside.watchPaths()).toContain(join(home, ".claude/sessions/2.json"));
  });

  it("does not take a line that is not finished yet", async () => {
    pidFile(claudeSession);
    put(transcript(), []);
    const r = record();
    const follower = r.follow(await r.baseline(), "first prompt");
    const line = lines.find((l) => l.includes('"first prompt"')) ?? "";
    appendFileSync(transcript(), line.slice(0, 40));
    expect((await follower.poll()).match).toBeUndefined();
    appendFileSync(transcript(), `${line.slice(40)}\n`);
    expect((await follower.poll()).match).toBeDefined();
  });
});

describe("Codex", () => {
  const lines = fixture("codex-0.169.0");
  const rollout = (thread = codexThread): string => join(home, ".codex/sessions/2026/11/23", `rollout-2026-11-23T06-41-55-${thread}.jsonl`);
  const record = (iso = "2026-11-23T06:45:00Z"): CodexRecord => new CodexRecord(context(iso), join(home, ".codex"));

  it("finds the prompt in a rollout that is made with it, and the answer", async () => {
    const findings = await replay(record(), rollout(), lines, 0, "codex one");
    expect(summary(findings)).toEqual(["-", "match", "match+finished"]);
    expect(findings.at(-1)).toMatchObject({ answer: "Noted. Answer 6.", match: { sessionId: codexThread } });
  });

  it("finds a prompt that went into a running thread", async () => {
    const before = lines.findIndex((line) => line.includes("codex busy A"));
    const findings = await replay(record(), rollout(), lines, before, "codex tabbed B");
    expect(findings.at(-1)).toMatchObject({ answer: "Noted. Answer 14.", finished: true });
  });

  it("claims nothing where two rollouts hold the text", async () => {
    const r = record();
    const follower = r.follow(await r.baseline(), "codex one");
    put(rollout(), lines);
    put(rollout("99999999-ca29-7b23-92ea-1ca68bf01db6"), lines);
    expect(await follower.poll()).toMatchObject({ ambiguous: true, match: undefined });
  });

  it("claims nothing from a rollout that another live agent writes, and says so", async () => {
    const r = new CodexRecord({ ...context("2026-11-23T06:45:00Z"), foreignRecords: new Set([rollout()]) }, join(home, ".codex"));
    const follower = r.follow(await r.baseline(), "codex one");
    put(rollout(), lines);
    expect(await follower.poll()).toMatchObject({ foreign: true, match: undefined });
    const other = r.follow({ takenAtMs: 0, offsets: {} }, "another text");
    expect(await other.poll()).toMatchObject({ foreign: false, match: undefined });
  });

  it("passes over an old rollout with the same text that shows up late", async () => {
    const r = record("2026-11-23T09:00:00Z");
    const follower = r.follow(await r.baseline(), "codex one");
    put(rollout(), lines);
    expect((await follower.poll()).match).toBeUndefined();
  });

  /** Facts of a machine on which this process alone holds these rollouts open. */
  const heldBy = (holder: number, ...paths: readonly string[]): ProcessFacts => ({
    ...facts, openFiles: async (pid, accepts = () => true) => (pid === holder ? paths.filter(accepts) : []),
  });

  // Seen with 0.171.0: its own process tells the real path of a rollout, its home the one through the link.
  it("names the thread, not the part of it that began when the conversation was taken back to an earlier prompt", async () => {
    const findings = await replay(record(), rollout(`${codexThread}_01a22a20-e6ce-7751-86c1-5096207bdff5`), lines, 0, "codex one");
    expect(findings.at(-1)).toMatchObject({ match: { sessionId: codexThread } });
  });

  it.each([
    [codexAdapter, { CODEX_HOME: "own" }, "/home/dev/work/app/own"],
    [codexAdapter, { CODEX_HOME: "/own" }, "/own"],
    [codexAdapter, { CODEX_HOME: "" }, "/home/dev/.codex"],
    [codewithAdapter, { CODEWITH_HOME: "../own" }, "/home/dev/work/own"],
  ])("has its home where the agent's own variables say, by the agent's folder: $kind %o", (adapter, variables, expected) => {
    const environment = new Map([["HOME", "/home/dev"], ...Object.entries(variables)]);
    expect(adapter.openRecord({ ...context("2026-11-23T06:45:00Z"), environment }).scope).toBe(`codex:${expected}`);
  });

  it("takes a rollout with two names for one, where the home is a symbolic link", async () => {
    symlinkSync(join(home, ".codex"), join(home, "link"));
    put(rollout(), lines.slice(0, 1));
    const r = new CodexRecord({ ...context("2026-11-23T06:45:00Z"), facts: heldBy(4242, rollout()), knownRecord: rollout().replace(".codex", "link") }, join(home, "link"));
    const findings = await replay(r, rollout(), lines, 1, "codex one");
    expect(findings.at(-1)).toMatchObject({ ambiguous: false, match: { recordPath: rollout() } });
    expect(r.scope).toBe(record().scope);
  });

  describe("a thread of an older day that was opened again", () => {
    const server = 777;
    const reopened = (holder: number): CodexRecord => {
      for (const day of ["21", "22", "23"]) put(rollout().replace("2026/11/23", `2026/11/${day}`), []);
      put(join(home, ".codex/app-server-daemon/daemon.pid"), [JSON.stringify({ pid: server })]);
      return new CodexRecord({ ...context("2026-11-23T06:41:56Z"), facts: heldBy(holder, oldPath(), "/elsewhere/sessions/2026/01/05/rollout-x.jsonl") }, join(home, ".codex"));
    };
    const oldPath = (): string => join(home, ".codex/sessions/2026/01/05", "rollout-2026-01-05T06-41-55-11111111-ca29-7b23-92ea-1ca68bf01db6.jsonl");

    it.each([["the server that its TUI shares with others", server], ["its TUI", 4242]])("is found where %s holds it open", async (_, holder) => {
      const r = reopened(holder);
      put(oldPath(), lines.map((line) => line.replaceAll("2026-11-23T", "2026-01-05T")));
      const follower = r.follow(await r.baseline(), "codex one");
      expect((await follower.poll()).match).toBeUndefined();
      for (const line of lines) appendFileSync(oldPath(), `${line}\n`);
      expect(await follower.poll()).toMatchObject({ finished: true, match: { recordPath: oldPath() } });
    });
  });
});

describe("Gemini CLI", () => {
  const lines = fixture("gemini-0.61.0");
  const chat = (): string => join(home, ".gemini/tmp/app/chats/session-2026-11-23T06-41-d9d365c8.jsonl");
  const record = (): GeminiRecord => new GeminiRecord(context("2026-11-23T06:45:00Z"));
  beforeEach(() => {
    put(join(home, ".gemini/projects.json"), [JSON.stringify({ projects: { [cwd]: "app" } })]);
  });

  it("finds a prompt and its answer", async () => {
    const findings = await replay(record(), chat(), lines, 1, "gemini one");
    expect(findings.at(-1)).toMatchObject({ answer: "Noted. Answer 9.", finished: true });
  });

  it.each(["gemini queued B", "gemini queued C"])("finds %s in the message that it was merged into", async (text) => {
    const findings = await replay(record(), chat(), lines, 4, text);
    expect(findings.at(-1)?.match).toMatchObject({ text, beside: ["merged_with_other_prompts"] });
  });

  it("finds a prompt whose record was extended by the files that it names", async () => {
    const line = JSON.stringify({ id: "x", timestamp: "2026-11-23T06:45:30Z", type: "user", content: [{ text: "see @a\n--- Content from referenced files ---\nxyz" }] });
    const findings = await replay(record(), chat(), [...lines, line], lines.length, "see @a");
    expect(findings.at(-1)?.match).toMatchObject({ text: "see @a", beside: ["referenced_files_appended"] });
  });
});
