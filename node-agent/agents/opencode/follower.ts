import { dirname } from "node:path";
import type Database from "better-sqlite3";
import type { Baseline, RecordContext, RecordFinding, RecordFollower } from "../../records/agent-record.js";
import { FindingBuilder } from "../../records/finding-builder.js";
import { at, textAt } from "../../records/json-path.js";
import { openDatabase } from "./database.js";
import { idOfTime } from "./part-id.js";

interface UserPart {
  readonly row: number;
  readonly id: string;
  readonly message: string;
  readonly session: string;
  readonly part: string;
  readonly data: string;
}

/**
 * Parts that were written since. A prompt after `/undo` first deletes what was undone, and SQLite gives the numbers of deleted last rows
 * again (1.18.33): so a row is also new by its id and time. The id alone would not do, since the time in it starts again every 795 days.
 */
const newParts = `
  SELECT p.rowid AS row, p.id AS id, p.message_id AS message, p.session_id AS session, p.data AS part, m.data AS data
  FROM part p JOIN message m ON m.id = p.message_id
  WHERE p.rowid > :row OR (p.id > :id AND p.time_created >= :since) ORDER BY p.rowid`;

/** A turn that runs: its assistant message has no time of completion yet. */
const runningTurn = `
  SELECT 1 FROM message WHERE session_id = ? AND json_extract(data, '$.role') = 'assistant'
  AND json_extract(data, '$.time.completed') IS NULL AND json_extract(data, '$.parentID') <> ? LIMIT 1`;

/** Prompts that were queued together are answered by one message, whose parent is the last of them. */
const answers = `
  SELECT a.id AS id, a.data AS data FROM message a JOIN message parent ON parent.id = json_extract(a.data, '$.parentID')
  WHERE a.session_id = ? AND parent.rowid >= (SELECT rowid FROM message WHERE id = ?) ORDER BY a.rowid`;
const answerText = `SELECT data FROM part WHERE message_id = ? ORDER BY rowid`;

/**
 * Follows OpenCode's database (1.18.33). The user's row is written at once, also while a turn runs, and before a first turn seconds before
 * anything is asked of the model: so a row alone is no proof. The turn has started when an assistant message names ours as its parent.
 */
export class OpenCodeFollower implements RecordFollower {
  readonly #path: string;
  readonly #builder: FindingBuilder;
  #database: Database.Database | undefined;
  readonly #since: number;
  #lastRow: number;
  #lastId: string;
  #messageId = "";
  #started = false;
  #held = false;

  constructor(path: string, baseline: Baseline, pasted: string, { foreignRecords, proofsOfOthers }: Pick<RecordContext, "foreignRecords" | "proofsOfOthers">) {
    this.#path = path;
    this.#since = baseline.takenAtMs;
    this.#lastRow = baseline.offsets[path] ?? 0;
    this.#lastId = idOfTime(this.#since);
    this.#builder = new FindingBuilder(pasted, { foreignRecords, proofsOfOthers });
  }

  watchPaths(): readonly string[] {
    return [dirname(this.#path)];
  }

  async poll(): Promise<RecordFinding> {
    this.#database ??= openDatabase(this.#path);
    if (!this.#database) return this.#builder.finding();
    const since = { row: this.#lastRow, id: this.#lastId, since: this.#since };
    for (const row of this.#database.prepare<[typeof since], UserPart>(newParts).all(since)) this.#addPart(row);
    const match = this.#builder.finding().match;
    if (match) this.#addAnswers(this.#database, match.sessionId, { locator: match.locator, recordPath: match.recordPath, sessionId: match.sessionId });
    const finding = this.#builder.finding();
    if (!match || this.#started) return { ...finding, working: this.#started };
    return { ...finding, match: undefined, queued: this.#held, queuedMatch: match, withdrawn: this.#held && this.#isRemoved(this.#database), working: false };
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** Parts that OpenCode adds by itself (read files, reminders) are marked synthetic. */
  #addPart(row: UserPart): void {
    if (row.row > this.#lastRow) this.#lastRow = row.row;
    if (row.id > this.#lastId) this.#lastId = row.id;
    const part: unknown = JSON.parse(row.part);
    const text = textAt(part, "text");
    if (textAt(JSON.parse(row.data), "role") !== "user" || textAt(part, "type") !== "text" || at(part, "synthetic") === true || text === undefined) return;
    const before = this.#builder.finding().match;
    // One database holds every session: the session is the record.
    this.#builder.add({ type: "user", texts: [text] }, { locator: `${this.#path}#part/${row.id}`, recordPath: `${this.#path}#${row.session}`, sessionId: row.session });
    if (before || !this.#builder.finding().match) return;
    this.#messageId = row.message;
    this.#held = this.#database?.prepare<[string, string]>(runningTurn).get(row.session, row.message) !== undefined;
  }

  /** A held prompt that a person takes back is deleted. */
  #isRemoved(database: Database.Database): boolean {
    return database.prepare<[string]>("SELECT 1 FROM message WHERE id = ?").get(this.#messageId) === undefined;
  }

  #addAnswers(database: Database.Database, session: string, place: { locator: string; recordPath: string; sessionId: string }): void {
    for (const answer of database.prepare<[string, string], { id: string; data: string }>(answers).all(session, this.#messageId)) {
      this.#started = true;
      const data: unknown = JSON.parse(answer.data);
      if (at(data, "time", "completed") === undefined || textAt(data, "finish") === "tool-calls") continue;
      const text = database.prepare<[string], { data: string }>(answerText).all(answer.id).map((p) => {
        const part: unknown = JSON.parse(p.data);
        return textAt(part, "type") === "text" ? (textAt(part, "text") ?? "") : "";
      }).join("");
      this.#builder.add({ type: "turn_ended", answer: text }, place);
    }
  }
}
