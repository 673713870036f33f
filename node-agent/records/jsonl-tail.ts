import { closeSync, openSync, readSync, statSync } from "node:fs";

/** One complete line of a JSONL file. */
export interface JsonLine {
  /** Byte offset at which the line starts. */
  readonly offset: number;
  readonly value: Record<string, unknown>;
}

/**
 * Reads what was appended to a JSONL file since an offset; a line without its line end is left for the next read. At once, since a proof
 * waits for it: what was just written is in memory, and a turn through the thread pool takes longer.
 */
export class JsonlTail {
  readonly path: string;
  #offset: number;

  constructor(path: string, offset: number) {
    this.path = path;
    this.#offset = offset;
  }

  /** Lines that are complete now. A file that is not there yet has none; one that shrank is read on from its new end. */
  read(): JsonLine[] {
    const size = sizeOf(this.path);
    if (size === undefined) return [];
    if (size < this.#offset) this.#offset = size;
    if (size === this.#offset) return [];
    const bytes = readRange(this.path, this.#offset, size);
    const lines: JsonLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10, start); end >= 0; end = bytes.indexOf(10, start)) {
      const value = parseObject(bytes.toString("utf8", start, end));
      if (value) lines.push({ offset: this.#offset + start, value });
      start = end + 1;
    }
    this.#offset += start;
    return lines;
  }
}

/** Size in bytes, or undefined where there is no such file. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function readRange(path: string, from: number, to: number): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(to - from);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
  } finally {
    closeSync(file);
  }
}

/** A line that is no JSON object is not a message, so it is passed over. */
export function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
