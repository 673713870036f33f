import { DispatchError } from "../errors/dispatch-error.js";
import { instantOfWall } from "./zoned-time.js";

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/iu;

/**
 * An instant: RFC 3339 (`2026-11-24T09:00:00+02:00`), or a plain local time (`2026-11-24 09:00`, `09:00` for the next nine o'clock) on the clocks of
 * `timeZone`. What is no date (31 February) is refused, never rolled over.
 */
export function parseInstant(text: string, option: string, { timeZone, now }: { timeZone: string; now: Date }): Date {
  const trimmed = text.trim();
  const time = /^(\d{1,2}):(\d{2})$/u.exec(trimmed);
  if (time) return nextTimeOfDay(Number(time[1]), Number(time[2]), { text, option, timeZone, now });
  const found = pattern.exec(trimmed);
  if (!found) throw refusal(text, option, "is not a time");
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const milliseconds = Math.floor(Number(`0.${found[7] ?? "0"}`) * 1000);
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const back = new Date(wall);
  if (back.getUTCFullYear() !== year || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) throw refusal(text, option, "does not exist");
  const zone = found[8];
  if (zone === undefined) return instantOfWall(wall, timeZone);
  if (zone.toUpperCase() === "Z") return back;
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) throw refusal(text, option, "has an offset that does not exist");
  return new Date(wall - (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000);
}

function nextTimeOfDay(hour: number, minute: number, { text, option, timeZone, now }: { text: string; option: string; timeZone: string; now: Date }): Date {
  if (hour > 23 || minute > 59) throw refusal(text, option, "does not exist");
  const dayMs = 86_400_000;
  for (let day = -1; day <= 2; day++) {
    const date = new Date(now.getTime() + day * dayMs);
    const instant = instantOfWall(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), hour, minute), timeZone);
    if (instant > now) return instant;
  }
  throw refusal(text, option, "does not exist");
}

function refusal(text: string, option: string, what: string): DispatchError {
  return new DispatchError("invalid_argument", `${option}: "${text}" ${what}; write such as 2026-11-24T09:00:00+02:00, or "2026-11-24 09:00" with --tz.`, { metadata: { field: option, value: text } });
}
