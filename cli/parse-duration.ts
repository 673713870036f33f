import { DispatchError } from "../core/errors/dispatch-error.js";

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `30s`, `5m`, `2h`, `1d`, as milliseconds. */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  const duration = Number(amount) * (unitsMs[unit] ?? Number.NaN);
  if (duration > 0) return duration;
  throw new DispatchError("invalid_argument", `${option}: "${text}" is not a time; write a number with its unit, such as 30s, 5m or 2h.`, { metadata: { field: option, value: text } });
}
