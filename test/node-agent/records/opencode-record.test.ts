import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { OpenCodeRecord } from "../../../node-agent/agents/opencode/record.js";
import type { ProcessFacts, ProcessInfo } from "../../../node-agent/processes/process-facts.js";

let home: string;
let database: Database.Database;
let clockMs = 1_000;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opencode-home-"));
  mkdirSync(join(home, ".local/share/opencode"), { recursive: true });
  database = new Database(join(home, ".local/share/opencode/opencode.db"));
  database.pragma("journal_mode = WAL");
  // The tables of OpenCode 1.18.33, without the columns that are not read.
  database.exec(`
    CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
    CREATE TABLE part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);`);
});
afterEach(() => {
  database.close();
  rmSync(home, { recursive: true });
});

function message(id: string, session: string, data: object, ...parts: object[]): void {
  database.prepare("INSERT INTO message VALUES (?, ?, ?, 0, ?)").run(id, session, ++clockMs, JSON.stringify(data));
  parts.forEach((part, index) => database.prepare("INSERT INTO part VALUES (?, ?, ?, ?, 0, ?)").run(`${id}-${index}`, id, session, ++clockMs, JSON.stringify(part)));
}
const user = (id: string, session: string, text: string): void => message(id, session, { role: "user" }, { type: "text", text: "Read file a", synthetic: true }, { type: "text", text });
const assistant = (id: string, session: string, parentID: string, completed: boolean): void =>
  message(id, session, { role: "assistant", parentID, time: { created: 1, ...(completed ? { completed: 2 } : {}) }, ...(completed ? { finish: "stop" } : {}) }, { type: "text", text: `answer ${id}` });

function record(variables: Readonly<Record<string, string>> = {}, cwd = "/"): OpenCodeRecord {
  const process: ProcessInfo = { pid: 1, ppid: 0, started: 1n, executable: "", argv: [], cwd, processGroup: 1, foregroundGroup: 1 };
  const facts: ProcessFacts = { tree: async () => [], started: async () => undefined, ownPid: async (pid) => pid, environment: async () => new Map(), openFiles: async () => [] };
  return new OpenCodeRecord({ process, tree: [], environment: new Map([["HOME", home], ...Object.entries(variables)]), facts, clock: systemClock });
}

it("finds a prompt after the baseline, its turn, and its answer", async () => {
  user("m0", "s1", "run");
  const r = record();
  const follower = r.follow(await r.baseline(), "run");
  expect((await follower.poll()).match).toBeUndefined();
  user("m1", "s1", "run ");
  expect(await follower.poll()).toMatchObject({ match: undefined, queued: false });
  assistant("m2", "s1", "m1", false);
  expect(await follower.poll()).toMatchObject({ match: { sessionId: "s1", transformation: ["trailing_whitespace_changed"] }, working: true, finished: false });
  database.exec("DELETE FROM message WHERE id = 'm2'; DELETE FROM part WHERE message_id = 'm2'");
  assistant("m2", "s1", "m1", true);
  expect(await follower.poll()).toMatchObject({ working: true, finished: true, answer: "answer m2" });
  follower.close();
});

it("calls a prompt queued while another turn runs, delivered once its own turn starts, withdrawn when its row is deleted", async () => {
  user("m0", "s1", "first");
  assistant("m1", "s1", "m0", false);
  const r = record();
  const taken = r.follow(await r.baseline(), "second");
  const removed = r.follow(await r.baseline(), "third");
  user("m2", "s1", "second");
  user("m3", "s1", "third");
  expect(await taken.poll()).toMatchObject({ queued: true, match: undefined });
  expect(await removed.poll()).toMatchObject({ queued: true, withdrawn: false });
  assistant("m4", "s1", "m2", false);
  database.exec("DELETE FROM part WHERE message_id = 'm3'; DELETE FROM message WHERE id = 'm3'");
  expect(await taken.poll()).toMatchObject({ match: { text: "second" }, working: true, finished: false });
  expect(await removed.poll()).toMatchObject({ withdrawn: true, match: undefined });
  taken.close();
  removed.close();
});

it("takes prompts that were queued together for started when the one answer to them starts", async () => {
  user("m0", "s1", "first");
  assistant("m1", "s1", "m0", false);
  const r = record();
  const follower = r.follow(await r.baseline(), "second");
  user("m2", "s1", "second");
  user("m3", "s1", "third");
  expect(await follower.poll()).toMatchObject({ queued: true, match: undefined });
  assistant("m4", "s1", "m0", false);
  expect(await follower.poll()).toMatchObject({ queued: true, match: undefined });
  assistant("m5", "s1", "m3", true);
  expect(await follower.poll()).toMatchObject({ match: { text: "second" }, finished: true });
  follower.close();
});

it("claims nothing where two sessions hold the text, and reads a database that is made later", async () => {
  const r = record();
  const follower = r.follow(await r.baseline(), "both");
  user("m1", "s1", "both");
  user("m2", "s2", "both");
  expect(await follower.poll()).toMatchObject({ ambiguous: true, match: undefined });
  follower.close();
});

it("finds a prompt whose row has the number of one that was undone", async () => {
  const ids = ["229f9b147001BU1grTMUD0reqK", "229f9f6d60015JDDsJd9Lkfuwj", "229fa0868001RERpqcnJkOfyft"];
  const [first, second, third] = [1796000559442, 1796000577263, 1796000581799] as const;
  const prompt = (index: number, time: number, text: string): void => {
    database.prepare("INSERT INTO message VALUES (?, 's1', ?, 0, ?)").run(`msg_${ids[index]}`, time, JSON.stringify({ role: "user" }));
    database.prepare("INSERT INTO part VALUES (?, ?, 's1', ?, 0, ?)").run(`prt_${ids[index]}`, `msg_${ids[index]}`, time, JSON.stringify({ type: "text", text }));
  };
  prompt(0, first, "run");
  prompt(1, second, "undone");
  const r = record();
  const follower = r.follow({ ...await r.baseline(), takenAtMs: third - 500 }, "run");
  expect(await follower.poll()).toMatchObject({ queued: false, match: undefined });
  database.exec(`DELETE FROM part WHERE id = 'prt_${ids[1]}'; DELETE FROM message WHERE id = 'msg_${ids[1]}'`);
  prompt(2, third, "run");
  assistant("m9", "s1", `msg_${ids[2]}`, true);
  expect(await follower.poll()).toMatchObject({ ambiguous: false, match: { text: "run", locator: `${home}/.local/share/opencode/opencode.db#part/prt_${ids[2]}` } });
  follower.close();
});

it.each([
  ["a path", { OPENCODE_DB: "/data/own.db" }, "/data/own.db"],
  ["a name in the folder of data", { OPENCODE_DB: "own.db", XDG_DATA_HOME: "/data" }, "/data/opencode/own.db"],
  ["a folder of data by the agent's own folder", { XDG_DATA_HOME: "data" }, "/work/data/opencode/opencode.db"],
])("reads the database that its variables name: %s", async (_, variables, path) => {
  expect(Object.keys((await record(variables, "/work").baseline()).offsets)).toEqual([path]);
});

it("reads nothing where the sessions are kept in memory only", async () => {
  await expect(record({ OPENCODE_DB: ":memory:" }).baseline()).rejects.toThrow("memory");
});
