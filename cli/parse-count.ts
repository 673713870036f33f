import { DispatchError } from "../core/errors/dispatch-error.js";

/** A whole number from 1; 0, which means the default, where nothing was given. The other side knows the upper bound. */
export function parseCount(text: string | undefined, option: string): number {
  if (text === undefined) return 0;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new DispatchError("invalid_argument", `${option}: "${text}" is not a whole number from 1.`, { metadata: { field: option, value: text } });
}
