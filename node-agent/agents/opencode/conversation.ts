import type Database from "better-sqlite3";
import type { RecordedConversation } from "../../records/agent-record.js";
import { at, textAt } from "../../records/json-path.js";

/** Text of the last messages of a session, without the parts that OpenCode adds by itself (read files, reminders). */
const lastTexts = `
  SELECT data, (SELECT json_group_array(text) FROM (
    SELECT json_extract(p.data, '$.text') AS text FROM part p WHERE p.message_id = message.id
    AND json_extract(p.data, '$.type') = 'text' AND coalesce(json_extract(p.data, '$.synthetic'), 0) = 0 ORDER BY p.rowid)) AS texts
  FROM message WHERE session_id = ? AND json_extract(data, '$.role') IN ('user', 'assistant')
  AND EXISTS (SELECT 1 FROM part p WHERE p.message_id = message.id
    AND json_extract(p.data, '$.type') = 'text' AND coalesce(json_extract(p.data, '$.synthetic'), 0) = 0)
  ORDER BY rowid DESC LIMIT ?`;

/** The last `limit` messages of one session (1.18.33). */
export function readOpenCodeConversation(database: Database.Database, sessionId: string, limit: number): RecordedConversation {
  const rows = database.prepare<[string, number], { data: string; texts: string }>(lastTexts).all(sessionId, limit);
  const messages = rows.reverse().map(({ data, texts }) => {
    const message: unknown = JSON.parse(data);
    const created = at(message, "time", "created");
    return {
      speaker: textAt(message, "role") === "user" ? "user" as const : "agent" as const,
      text: (JSON.parse(texts) as string[]).join("\n"),
      at: typeof created === "number" ? new Date(created) : undefined,
    };
  });
  return { sessionId, messages };
}
