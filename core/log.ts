import { writeSync } from "node:fs";
import { pino } from "pino";
import type { LogLevel } from "./config/log-level.js";

/** Lines of JSON on standard output. Never text of a prompt or a capture. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export function createLog(name: string, level: LogLevel): Log {
  return pino({ name, level, base: { pid: process.pid }, serializers: { error: pino.stdSerializers.err } }, standardOutput);
}

/**
 * A line that cannot be written is lost, and nothing else: for a full disk the stream that pino has by itself ends the process, and then
 * waits in its exit handler until there is room (sonic-boom 4.2.1), with our locks held and nobody answered.
 */
const standardOutput = {
  write(line: string): void {
    let rest: Uint8Array = Buffer.from(line);
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
    } catch {
      // There is nowhere to tell it.
    }
  },
};

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
