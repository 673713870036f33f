import { basename, dirname, join } from "node:path";
import type { Profile } from "../../../core/config/profile-schema.js";
import type { RecordContext } from "../../records/agent-record.js";
import { textAt } from "../../records/json-path.js";
import { JsonlRecord } from "../../records/jsonl-record.js";
import { pathsIn } from "../../records/list-files.js";
import type { RecordEvent } from "../../records/record-event.js";

type RecordProfile = NonNullable<Profile["record"]>;

/** JSON lines as a profile describes them. The baseline knows every file of the pattern, so that a new file is new as a whole. */
export class ProfileRecord extends JsonlRecord {
  readonly newRecordsAreNew = true;
  /** An agent that makes one prompt of its queue is taken to put an empty line between the parts, as Gemini CLI does. */
  readonly mergeSeparator = "\n\n";
  readonly provesBy: "record" | "screen";
  readonly scope: string;
  readonly #profile: RecordProfile | undefined;
  readonly #pattern: string;

  constructor(profile: RecordProfile | undefined, context: RecordContext) {
    super(context);
    this.#profile = profile;
    this.provesBy = profile ? "record" : "screen";
    this.#pattern = profile ? expand(profile.path, context.environment) : "";
    this.scope = `profile:${this.#pattern}`;
  }

  async candidates(): Promise<readonly string[]> {
    if (!this.#profile) return [];
    let folders = ["/"];
    const names = this.#pattern.split("/").filter((name) => name !== "");
    for (const name of names.slice(0, -1)) {
      folders = name.includes("*") ? folders.flatMap((folder) => pathsIn(folder, glob(name))) : folders.map((folder) => join(folder, name));
    }
    return folders.flatMap((folder) => pathsIn(folder, glob(names.at(-1) ?? "")));
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
