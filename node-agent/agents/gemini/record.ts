import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { AgentRecord, Baseline, RecordContext, RecordedConversation, RecordFollower } from "../../records/agent-record.js";
import { textAt } from "../../records/json-path.js";
import { jsonlConversation, recordOfAgent } from "../../records/jsonl-conversation.js";
import { JsonlFollower, type JsonlSource } from "../../records/jsonl-follower.js";
import { namesIn, pathsIn } from "../../records/list-files.js";
import { measure } from "../../records/measure.js";
import type { RecordEvent } from "../../records/record-event.js";
import { geminiEvents } from "./events.js";

/** Chats of one Gemini home: `tmp/<project>/chats/session-<minute>-<id>.jsonl` (0.61.0). Nothing maps a process to its chat. */
export class GeminiRecord implements AgentRecord, JsonlSource {
  readonly namedByProcess = false;
  readonly scope: string;
  /** Prompts queued during a turn are sent and recorded as one message, joined by an empty line. */
  readonly mergeSeparator = "\n\n";
  readonly foreignRecords: ReadonlySet<string> | undefined;
  readonly #context: RecordContext;
  readonly #home: string;

  constructor(context: RecordContext) {
    this.#context = context;
    this.foreignRecords = context.foreignRecords;
    this.#home = join(context.environment.get("GEMINI_CLI_HOME") || (context.environment.get("HOME") ?? ""), ".gemini");
    this.scope = `gemini:${this.#home}`;
  }

  async state(): Promise<undefined> {
    return undefined;
  }

  async baseline(): Promise<Baseline> {
    return measure(await this.candidates(), this.#context.clock);
  }

  follow(baseline: Baseline, pasted: string): RecordFollower {
    return new JsonlFollower(this, baseline, pasted);
  }

  async conversation(limit: number): Promise<RecordedConversation | undefined> {
    const path = await recordOfAgent(this.#context, await this.candidates());
    return path === undefined ? undefined : jsonlConversation(this, path, limit);
  }

  async candidates(): Promise<readonly string[]> {
    const folders = await this.#chatFolders();
    return (await Promise.all(folders.map((folder) => pathsIn(folder, (name) => name.endsWith(".jsonl"))))).flat();
  }

  watchPaths(): readonly string[] {
    const project = this.#projectName();
    return [project ? join(this.#home, "tmp", project, "chats") : join(this.#home, "tmp")];
  }

  events(line: Record<string, unknown>): readonly RecordEvent[] {
    return geminiEvents(line);
  }

  sessionId(path: string): string {
    return basename(path, ".jsonl");
  }

  /** `projects.json` names the folder of a working folder; without it every project of this home is looked at. */
  async #chatFolders(): Promise<string[]> {
    const project = this.#projectName();
    const names = project ? [project] : await namesIn(join(this.#home, "tmp"));
    return names.map((name) => join(this.#home, "tmp", name, "chats"));
  }

  #projectName(): string | undefined {
    try {
      return textAt(JSON.parse(readFileSync(join(this.#home, "projects.json"), "utf8")), "projects", this.#context.process.cwd);
    } catch {
      return undefined;
    }
  }
}
