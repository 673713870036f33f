import { DispatchError } from "../core/errors/dispatch-error.js";
import { parseDuration } from "./parse-duration.js";

/** A time as milliseconds: a bare whole number, 0 too, or one with its unit. */
export function parseMilliseconds(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  try {
    return parseDuration(text, option);
  } catch (error) {
    throw new DispatchError("invalid_argument", `${option}: "${text}" is not a time; write milliseconds, such as 300, or a number with its unit, such as 2s.`, { metadata: { field: option, value: text }, cause: error });
  }
}
