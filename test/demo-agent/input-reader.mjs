// Turns the bytes of a terminal into events: text, paste (bracketed), enter, escape, backspace, up, clear-line, interrupt, tab.
import { StringDecoder } from "node:string_decoder";
/* oxlint-disable no-control-regex -- control characters are what this file is about */

const pasteStart = "\u001b[200~";
const pasteEnd = "\u001b[201~";
const keys = new Map([
  ["\r", "enter"], ["\n", "newline"], ["\t", "tab"], ["\u007f", "backspace"], ["\u0008", "backspace"], ["\u0003", "interrupt"], ["\u0015", "clear-line"],
]);

export class InputReader {
  #decoder = new StringDecoder("utf8");
  #pending = "";
  /** Text of a paste whose end has not come yet. */
  #paste = undefined;

  /** @param {Buffer} bytes @returns {{ type: string, text?: string }[]} */
  read(bytes) {
    this.#pending += this.#decoder.write(bytes);
    const events = [];
    while (this.#pending !== "") {
      const before = this.#pending;
      const event = this.#paste === undefined ? this.#readKey() : this.#readPaste();
      if (event) events.push(event);
      if (this.#pending === before) break;
    }
    return events;
  }

  #readPaste() {
    const end = this.#pending.indexOf(pasteEnd);
    if (end < 0) {
      // A part of the end mark may be cut off by the chunk: keep as much as it could be.
      const keep = Math.max(0, this.#pending.length - pasteEnd.length);
      this.#paste += this.#pending.slice(0, keep);
      this.#pending = this.#pending.slice(keep);
      return undefined;
    }
    const text = (this.#paste + this.#pending.slice(0, end)).replace(/\r\n?/g, "\n");
    this.#pending = this.#pending.slice(end + pasteEnd.length);
    this.#paste = undefined;
    return { type: "paste", text };
  }

  #readKey() {
    if (this.#pending.startsWith(pasteStart)) {
      this.#pending = this.#pending.slice(pasteStart.length);
      this.#paste = "";
      return undefined;
    }
    if (this.#pending !== "\u001b" && this.#pending !== "\u001b[" && pasteStart.startsWith(this.#pending)) return undefined;
    const sequence = /^\u001b(?:\[[0-?]*[ -/]*[@-~]|O.)/.exec(this.#pending)?.[0];
    if (sequence) {
      this.#pending = this.#pending.slice(sequence.length);
      return sequence === "\u001b[A" ? { type: "up" } : undefined;
    }
    const character = String.fromCodePoint(this.#pending.codePointAt(0));
    if (character === "\u001b") {
      this.#pending = this.#pending.slice(1);
      return { type: "escape" };
    }
    if (keys.has(character) || character < " ") {
      this.#pending = this.#pending.slice(1);
      return keys.has(character) ? { type: keys.get(character) } : undefined;
    }
    const text = /^[^\u0000-\u001f\u007f]+/.exec(this.#pending)[0];
    this.#pending = this.#pending.slice(text.length);
    return { type: "text", text };
  }
}
