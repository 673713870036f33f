// The agent's durable record: one JSON line per event under $HOME/.demo-agent/sessions/<id>.jsonl.
import { appendFileSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export class SessionRecord {
  /** @param {string} id */
  constructor(id) {
    const folder = join(process.env.DEMO_AGENT_HOME ?? join(homedir(), ".demo-agent"), "sessions");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.id = id;
    this.path = join(folder, `${id}.jsonl`);
    this.append({ type: "session", cwd: process.cwd(), pid: process.pid });
  }

  append(event) {
    appendFileSync(this.path, `${JSON.stringify({ ...event, session: this.id, at: new Date().toISOString() })}\n`, { mode: 0o600 });
  }
}
