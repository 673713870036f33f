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
  return pino({ name, level, base: { pid: process.pid }, serializers: { error: pino.stdSerializers.err } });
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
