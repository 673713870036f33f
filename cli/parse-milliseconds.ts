import { parseDuration } from "./parse-duration.js";

/** A time as milliseconds: a bare whole number, 0 too, or one with its unit. */
export function parseMilliseconds(text: string, option: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : parseDuration(text, option);
}
