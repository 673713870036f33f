import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { AgentRecord, RecordContext } from "../../records/agent-record.js";
import { JsonlRecord } from "../../records/jsonl-record.js";
import { namesIn } from "../../records/list-files.js";
import type { RecordEvent } from "../../records/record-event.js";
import { claudeEvents } from "./events.js";
import { claudeMessages } from "./messages.js";
import { claudeHome, readSessionFile, type SessionFile, sessionFilePath } from "./session-file.js";

/** `shell` (2.1.332): no turn runs, but a shell that one left in the background does. */
const states: Readonly<Record<string, "idle" | "busy" | "dialog">> = { idle: "idle", shell: "idle", busy: "busy", waiting: "dialog" };

/** A status so soon after the start is the first one. */
const firstStatusMs = 3_000;
const firstRestMs = 1_000;

/** The transcript of one Claude Code process: `projects/<folder>/<sessionId>.jsonl`, the session named by the pid's file. */
export class ClaudeRecord extends JsonlRecord {
  override readonly namedByProcess = true;
  /** The process names its record: whoever else was seen to write it does not matter. */
  override readonly foreignRecords = undefined;
  readonly recordsQueue = true;
  readonly scope: string;
  readonly #home: string;
  /** Transcripts by session id; a session keeps its folder. */
  readonly #transcripts = new Map<string, string>();

  /** The pid that names the session's file. */
  #ownPid: number;

  constructor(context: RecordContext) {
    super(context);
    this.#ownPid = context.process.pid;
    this.#home = claudeHome(context);
    this.scope = `claude:${this.#home}:${context.process.pid}`;
  }

  override async state(): Promise<Awaited<ReturnType<AgentRecord["state"]>>> {
    const session = await this.#session();
    if (!session?.status || this.#isJustStarted(session)) return { state: "starting", sessionId: session?.sessionId ?? "", detail: "the process is not long enough at rest since its start" };
    const state = states[session.status];
    if (!state) return undefined;
    const detail = session.waitingFor ? `status ${session.status} (${session.waitingFor})` : `status ${session.status}`;
    return { state, sessionId: session.sessionId, detail };
  }

  /** 2.1.332 shows its composer a second before it writes its first status, and may ask something up to 0.5 s after that (2026-11-29). */
  #isJustStarted({ status, startedAtMs, statusSinceMs }: SessionFile): boolean {
    return status === "idle" && statusSinceMs - startedAtMs < firstStatusMs && this.context.clock.now().getTime() - statusSinceMs < firstRestMs;
  }

  protected override async recordNow(): Promise<string | undefined> {
    const session = await this.#session();
    return session ? this.#findTranscript(session.sessionId) : this.context.knownRecord;
  }

  /** The transcript of the session that the process runs now; sessions seen before stay candidates (`/clear` in between). */
  async candidates(): Promise<readonly string[]> {
    const session = await this.#session();
    for (const id of [session?.sessionId, this.context.knownSession]) {
      if (!id || this.#transcripts.has(id)) continue;
      const path = this.#findTranscript(id);
      if (path) this.#transcripts.set(id, path);
    }
    return [...this.#transcripts.values()];
  }

  watchPaths(): readonly string[] {
    const transcripts = [...this.#transcripts.values()];
    // Before the first prompt there is no transcript yet, and its folder may not exist either.
    return [sessionFilePath(this.#home, this.#ownPid), ...(transcripts.length > 0 ? transcripts : [join(this.#home, "projects"), this.#guessedFolder()])];
  }

  events(line: Record<string, unknown>): readonly RecordEvent[] {
    return claudeEvents(line);
  }

  messages(line: Record<string, unknown>): readonly RecordEvent[] {
    return claudeMessages(line);
  }

  sessionId(path: string): string {
    return basename(path, ".jsonl");
  }

  async #session(): Promise<SessionFile | undefined> {
    const { process, facts } = this.context;
    const session = readSessionFile(this.#home, process, this.#ownPid);
    if (session) return session;
    // Few run in a pid namespace of their own, and every look comes by here.
    this.#ownPid = await facts.ownPid(process.pid);
    return this.#ownPid === process.pid ? undefined : readSessionFile(this.#home, process, this.#ownPid);
  }

  /** The folder's name is derived from the working folder in ways that changed over versions, so the session id decides. */
  #findTranscript(sessionId: string): string | undefined {
    const guessed = join(this.#guessedFolder(), `${sessionId}.jsonl`);
    if (existsSync(guessed)) return guessed;
    const projects = join(this.#home, "projects");
    return namesIn(projects).map((name) => join(projects, name, `${sessionId}.jsonl`)).find((path) => existsSync(path));
  }

  #guessedFolder(): string {
    return join(this.#home, "projects", this.context.process.cwd.replaceAll(/[^A-Za-z0-9]/g, "-"));
  }
}
