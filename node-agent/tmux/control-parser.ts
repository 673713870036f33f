const newline = 0x0a;
const percent = 0x25;

/** The answer to one tmux command. */
export interface ReplyBlock {
  /** False for an answer that ended with %error. */
  readonly ok: boolean;
  /** True where a command line of this client caused it (attaching yields one block that is not). */
  readonly own: boolean;
  /** Body as bytes, one entry per line. */
  readonly lines: readonly Buffer[];
}

/** An asynchronous line such as `%output %7 …`: name without the percent sign, and the bytes after it (output still in octal escapes). */
export interface Notification {
  readonly name: string;
  readonly rest: Buffer;
}

export interface ControlParserEvents {
  block(block: ReplyBlock): void;
  notification(notification: Notification): void;
}

/**
 * Parser of tmux control mode (protocol as of tmux 3.2 and 3.3a). Works on bytes, since %output and captured bodies need not be UTF-8.
 * Outside a block every line is a notification; inside one, everything up to the %end or %error that repeats
 * the time, number and flags of its %begin is body, so that pane text which looks like protocol stays text.
 */
export class ControlParser {
  #partial: Buffer[] = [];
  #open: { tail: string; own: boolean; lines: Buffer[] } | undefined;

  constructor(private readonly events: ControlParserEvents) {}

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      if (this.#partial.length === 0) this.#line(piece);
      else {
        this.#partial.push(piece);
        const line = Buffer.concat(this.#partial);
        this.#partial = [];
        this.#line(line);
      }
    }
    if (start < chunk.length) this.#partial.push(chunk.subarray(start));
  }

  #line(line: Buffer): void {
    const open = this.#open;
    if (open !== undefined) {
      const ending = line[0] === percent ? blockEnding(line, open.tail) : undefined;
      if (ending === undefined) {
        open.lines.push(line);
        return;
      }
      this.#open = undefined;
      this.events.block({ ok: ending === "end", own: open.own, lines: open.lines });
      return;
    }
    if (line[0] !== percent) return;
    const space = line.indexOf(0x20);
    const name = line.toString("latin1", 1, space === -1 ? line.length : space);
    const rest = space === -1 ? Buffer.alloc(0) : line.subarray(space + 1);
    if (name === "begin") {
      const tail = rest.toString("latin1");
      this.#open = { tail, own: (Number(tail.split(" ")[2] ?? "0") & 1) === 1, lines: [] };
      return;
    }
    this.events.notification({ name, rest });
  }
}

function blockEnding(line: Buffer, tail: string): "end" | "error" | undefined {
  if (line.length > tail.length + 7) return undefined;
  const text = line.toString("latin1");
  if (text === `%end ${tail}`) return "end";
  return text === `%error ${tail}` ? "error" : undefined;
}
