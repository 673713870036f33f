import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { AuditPosition } from "../domain/audit.js";

const pattern = /^(\d{16}) ([0-9a-f]{64})\n$/;

/** Keeps the last position of an audit log in a file beside it (0600), so that a log that was cut off at its end, or put back to an earlier one, is found out. */
export class AuditHead {
  #file: number | undefined;
  /** Where the log had come to; undefined where that was never kept. */
  readonly found: AuditPosition | undefined;

  constructor(path: string) {
    closeSync(openSync(path, "a", 0o600));
    const [, sequence, hash = ""] = pattern.exec(readFileSync(path, "latin1")) ?? [];
    this.found = sequence === undefined ? undefined : { sequence: Number(sequence), hash };
    this.#file = openSync(path, "r+");
  }

  /** Always as long as before, so that one write puts it in the place of what was there. */
  keep({ sequence, hash }: AuditPosition): void {
    if (this.#file !== undefined) writeSync(this.#file, `${String(sequence).padStart(16, "0")} ${hash}\n`, 0, "latin1");
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    // Its number may be another file's from now on.
    this.#file = undefined;
  }
}
