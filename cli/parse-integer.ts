import { DispatchError } from "../core/errors/dispatch-error.js";

/** A whole number between two bounds. */
export function parseInteger(text: string, option: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text.trim()) && value >= min && value <= max) return value;
  throw new DispatchError("invalid_argument", `${option}: "${text}" is not a whole number from ${min} to ${max}.`, { metadata: { field: option, value: text } });
}
