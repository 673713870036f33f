import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { RecordContext } from "../../records/agent-record.js";
import { textAt } from "../../records/json-path.js";
import { JsonlRecord } from "../../records/jsonl-record.js";
import { namesIn, pathsIn } from "../../records/list-files.js";
import type { RecordEvent } from "../../records/record-event.js";
import { agentFolder } from "../agent-folder.js";
import { geminiEvents } from "./events.js";

/** Chats of one Gemini home: `tmp/<project>/chats/session-<minute>-<id>.jsonl` (0.61.0). Nothing maps a process to its chat. */
export class GeminiRecord extends JsonlRecord {
  readonly scope: string;
  /** Prompts queued during a turn are sent and recorded as one message, joined by an empty line. */
  readonly mergeSeparator = "\n\n";
  readonly #home: string;

  constructor(context: RecordContext) {
    super(context);
    this.#home = join(agentFolder(context, "GEMINI_CLI_HOME"), ".gemini");
    this.scope = `gemini:${this.#home}`;
  }

  candidates(): Promise<readonly string[]> {
    return Promise.resolve(this.#chatFolders().flatMap((folder) => pathsIn(folder, (name) => name.endsWith(".jsonl"))));
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
  #chatFolders(): string[] {
    const project = this.#projectName();
    const names = project ? [project] : namesIn(join(this.#home, "tmp"));
    return names.map((name) => join(this.#home, "tmp", name, "chats"));
  }

  #projectName(): string | undefined {
    try {
      return textAt(JSON.parse(readFileSync(join(this.#home, "projects.json"), "utf8")), "projects", this.context.process.cwd);
    } catch {
      return undefined;
    }
  }
}
