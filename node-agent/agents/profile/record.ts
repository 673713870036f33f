import { basename, dirname, join } from "node:path";
import type { Profile } from "../../../core/config/profile-schema.js";
import type { AgentRecord, Baseline, RecordContext, RecordedConversation, RecordFollower } from "../../records/agent-record.js";
import { textAt } from "../../records/json-path.js";
import { jsonlConversation, recordOfAgent } from "../../records/jsonl-conversation.js";
import { JsonlFollower, type JsonlSource } from "../../records/jsonl-follower.js";
import { pathsIn } from "../../records/list-files.js";
import { measure } from "../../records/measure.js";
import type { RecordEvent } from "../../records/record-event.js";

type RecordProfile = NonNullable<Profile["record"]>;

/** JSON lines as a profile describes them. The baseline knows every file of the pattern, so that a new file is new as a whole. */
export class ProfileRecord implements AgentRecord, JsonlSource {
  readonly namedByProcess = false;
  readonly newRecordsAreNew = true;
  /** An agent that makes one prompt of its queue is taken to put an empty line between the parts, as Gemini CLI does. */
  readonly mergeSeparator = "\n\n";
  readonly provesBy: "record" | "screen";
  readonly scope: string;
  readonly foreignRecords: ReadonlySet<string> | undefined;
  readonly #profile: RecordProfile | undefined;
  readonly #context: RecordContext;
  readonly #pattern: string;

  constructor(profile: RecordProfile | undefined, context: RecordContext) {
    this.#profile = profile;
    this.#context = context;
    this.foreignRecords = context.foreignRecords;
    this.provesBy = profile ? "record" : "screen";
    this.#pattern = profile ? expand(profile.path, context.environment) : "";
    this.scope = `profile:${this.#pattern}`;
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
    if (!this.#profile) return [];
    let folders = ["/"];
    const names = this.#pattern.split("/").filter((name) => name !== "");
    for (const name of names.slice(0, -1)) {
      folders = name.includes("*") ? (await Promise.all(folders.map((folder) => pathsIn(folder, glob(name))))).flat() : folders.map((folder) => join(folder, name));
    }
    return (await Promise.all(folders.map((folder) => pathsIn(folder, glob(names.at(-1) ?? ""))))).flat();
  }

  watchPaths(): readonly string[] {
    if (!this.#profile) return [];
    const fixed = this.#pattern.slice(0, (`${this.#pattern}*`).indexOf("*"));
    return [fixed.endsWith("/") ? fixed.slice(0, -1) : dirname(fixed)];
  }

  events(line: Record<string, unknown>): readonly RecordEvent[] {
    const { textField, roleField, userRole, answerRole } = this.#profile ?? { textField: "" };
    const text = textAt(line, ...textField.split("."));
    if (text === undefined) return [];
    const role = roleField === undefined ? undefined : textAt(line, ...roleField.split("."));
    if (answerRole !== undefined && role === answerRole) return [{ type: "turn_ended", answer: text }];
    return roleField === undefined || role === (userRole ?? "user") ? [{ type: "user", texts: [text] }] : [];
  }

  sessionId(path: string): string {
    return basename(path).replace(/\.[^.]*$/u, "");
  }
}

function expand(path: string, environment: ReadonlyMap<string, string>): string {
  return path.replace(/^~(?=\/)/u, environment.get("HOME") ?? "").replaceAll(/\$([A-Z_][A-Z0-9_]*)/gu, (_all, name: string) => environment.get(name) ?? "");
}

function glob(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`)).join(".*")}$`, "u");
  return (name) => expression.test(name);
}
