import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { RealAgentKind } from "./kinds.js";

/** Every user message in the agent's records, in order of the files' names and lines. Read apart from the product's own readers. */
export async function recordedUserTexts(kind: RealAgentKind, home: string): Promise<string[]> {
  switch (kind) {
    case "claude": return texts(await lines(join(home, ".claude/projects")), (line) => line["type"] === "user" ? content(line["message"]) : undefined);
    case "codex": return texts(await lines(join(home, ".codex/sessions")), (line) => line["type"] === "response_item" && value(line["payload"], "role") === "user" ? content(line["payload"]) : undefined);
    case "gemini": return texts(await lines(join(home, ".gemini/tmp")), (line) => line["type"] === "user" ? content(line) : undefined);
    case "opencode": return opencode(join(home, ".local/share/opencode/opencode.db"));
  }
}

type Line = Readonly<Record<string, unknown>>;

function texts(all: Line[], pick: (line: Line) => string | undefined): string[] {
  return all.map(pick).filter((text): text is string => text !== undefined && !/^\s*<(environment_context|session_context|user_instructions)>/.test(text));
}

async function lines(folder: string): Promise<Line[]> {
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".jsonl")).sort();
  const all: Line[] = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) if (line) all.push(JSON.parse(line) as Line);
  }
  return all;
}

function value(object: unknown, key: string): unknown {
  return typeof object === "object" && object !== null ? (object as Line)[key] : undefined;
}

function content(message: unknown): string | undefined {
  const parts = value(message, "content");
  if (typeof parts === "string") return parts;
  if (!Array.isArray(parts)) return undefined;
  const found = parts.map((part: unknown) => value(part, "text")).filter((text): text is string => typeof text === "string");
  return found.length > 0 ? found.join("\n") : undefined;
}

function opencode(path: string): string[] {
  if (!existsSync(path)) return [];
  const database = new Database(path, { readonly: true });
  try {
    const rows = database.prepare("select p.data as part, m.data as message from part p join message m on m.id = p.message_id order by p.id").all() as { part: string; message: string }[];
    return rows.filter((row) => value(JSON.parse(row.message), "role") === "user").map((row) => value(JSON.parse(row.part), "text")).filter((text): text is string => typeof text === "string");
  } finally {
    database.close();
  }
}
