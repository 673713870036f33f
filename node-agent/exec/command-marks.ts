/** A mark that a shell sets around its prompts and commands (OSC 133, as of FinalTerm): `C` a command starts, `D;status` it has ended. */
const mark = /\u001B\]133;(?<kind>[A-D])(?:;(?<status>\d{1,3}))?[^\u0007\u001B]*(?:\u0007|\u001B\\)/gu;
/** A mark that is cut by the end of a piece of output is no longer than this. */
const longestMark = 256;

/** Reads the exit status of one command from the marks of its shell, where it sets them. */
export class CommandMarks {
  #rest = "";
  #seen = false;
  #told = new Set<number>();

  /** What comes from now on is about the command that is entered now. */
  clear(): void {
    this.#told.clear();
  }

  readonly read = (bytes: Buffer): void => {
    const text = this.#rest + bytes.toString("latin1");
    let last = 0;
    for (const match of text.matchAll(mark)) {
      last = match.index + match[0].length;
      this.#seen = true;
      if (match.groups?.["kind"] === "D" && match.groups["status"] !== undefined) this.#told.add(Number(match.groups["status"]));
    }
    this.#rest = text.slice(Math.max(last, text.length - longestMark));
  };

  /** Whether this shell sets marks at all. */
  get seen(): boolean {
    return this.#seen;
  }

  /** Whether an end was told since. */
  get ended(): boolean {
    return this.#told.size > 0;
  }

  /** Undefined where two were told: the command can print such marks itself, and then nobody knows which is the shell's. */
  get status(): number | undefined {
    const [status, ...others] = this.#told;
    return others.length === 0 ? status : undefined;
  }
}
