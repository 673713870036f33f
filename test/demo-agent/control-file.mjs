// Tests tell the agent how to misbehave through a JSON file ($DEMO_AGENT_CONTROL); what it saw and did goes to a log ($DEMO_AGENT_LOG).
import { appendFileSync, readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Every setting, off. `swallowEnters`: ignore that many submit keys. `dropQueued`: forget queued prompts at the end of a turn. `hang`: react to nothing.
 * `exitOn`: "paste" or "enter", end the process there. `dialog`: a question that is open now. `dialogOn`: "paste", the same question comes up with the paste.
 * `menu`: a menu is open under the composer. `collapse`: fold long pastes into a marker. `echoDelayMs`: show a paste that much later.
 * `turnMs`: length of a turn. `hold`: turns do not end. `recordDelayMs`: write a prompt to the record that much later. `noRecord`: never.
 * `accountLimit`: what is queued waits for a person to switch the account (the stand-in for Codewith alone).
 * `mergeQueue`: queued prompts become one, joined by an empty line. `answer`: what is answered.
 */
export const defaults = {
  swallowEnters: 0, dropQueued: false, hang: false, exitOn: "", dialog: "", dialogOn: "", menu: false, collapse: true, echoDelayMs: 0,
  accountLimit: false, turnMs: 400, hold: false, recordDelayMs: 0, noRecord: false, mergeQueue: false, answer: "",
};

export class ControlFile {
  settings = { ...defaults };
  #text = "";
  #path = process.env.DEMO_AGENT_CONTROL;
  #log = process.env.DEMO_AGENT_LOG;

  /** Calls back whenever the settings change. */
  follow(changed) {
    if (!this.#path) return;
    this.refresh();
    watch(dirname(this.#path), (_event, name) => {
      if (name === basename(this.#path) && this.refresh()) changed();
    });
  }

  /** Reads the file again: also before each input, so that what was written before a key counts for that key. */
  refresh() {
    if (!this.#path) return false;
    let text;
    try {
      text = readFileSync(this.#path, "utf8");
      if (text === this.#text) return false;
      this.settings = { ...defaults, ...JSON.parse(text) };
    } catch {
      return false;
    }
    this.#text = text;
    this.log({ event: "control", settings: this.settings });
    return true;
  }

  log(entry) {
    if (this.#log) appendFileSync(this.#log, `${JSON.stringify({ at: Date.now(), ...entry })}\n`, { mode: 0o600 });
  }
}
