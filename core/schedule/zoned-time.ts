import { DispatchError } from "../errors/dispatch-error.js";

/** The zone of this process, as an IANA name. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Names that were asked for: looking one up is slow. */
const zones = new Map<string, string>();

/** The zone's name as it is known, or `invalid_argument`. */
export function checkedTimeZone(name: string): string {
  try {
    const known = zones.get(name) ?? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    zones.set(name, known);
    // An offset such as +02:00 is a zone to Intl, but knows no summer time: that is rarely what was meant.
    if (!/^[+-]/u.test(name)) return known;
  } catch {
    // Named below.
  }
  throw new DispatchError("invalid_argument", `--tz: "${name}" is no time zone; write an IANA name such as Europe/Bucharest or UTC.`, { metadata: { field: "--tz", value: name } });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", era: "short" });
    formats.set(timeZone, format);
  }
  return format;
}

/** Offset of that zone's clocks from UTC, as the system knows it. */
function askedOffsetMs(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(parts["year"] ?? 0, (parts["month"] ?? 1) - 1, parts["day"] ?? 1, parts["hour"] ?? 0, parts["minute"] ?? 0, parts["second"] ?? 0);
  return wall - Math.floor(instant / 1000) * 1000;
}

const dayMs = 86_400_000;
/** No zone changes its clocks there and back within so long. */
export const steadyMs = 7 * dayMs;
/** Weeks in which a zone keeps one offset: asking the system takes as long as all else together. Undefined where it changes. */
const weeks = new Map<string, number | undefined>();
const maxWeeks = 10_000;

/** Offset of that zone's clocks from UTC. */
export function offsetMs(instant: number, timeZone: string): number {
  const week = Math.floor(instant / steadyMs);
  const key = `${week} ${timeZone}`;
  if (!weeks.has(key)) {
    const [first, last] = [askedOffsetMs(week * steadyMs, timeZone), askedOffsetMs((week + 1) * steadyMs - 1, timeZone)];
    if (weeks.size >= maxWeeks) weeks.clear();
    weeks.set(key, first === last ? first : undefined);
  }
  return weeks.get(key) ?? askedOffsetMs(instant, timeZone);
}

/**
 * The instant at which clocks in that zone show this time (given as if it were UTC). A time that comes twice in autumn is the first of
 * both; one that spring leaves out is the first instant after the gap.
 */
export function instantOfWall(wall: number, timeZone: string): Date {
  const offsets = [offsetMs(wall - dayMs, timeZone), offsetMs(wall + dayMs, timeZone)];
  const fits = offsets.filter((offset) => offsetMs(wall - offset, timeZone) === offset).map((offset) => wall - offset);
  if (fits.length > 0) return new Date(Math.min(...fits));
  let [before, after] = [wall - dayMs, wall + dayMs].map((instant) => Math.floor((instant - (offsets[0] ?? 0)) / 1000) * 1000) as [number, number];
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (middle + offsetMs(middle, timeZone) < wall) before = middle;
    else after = middle;
  }
  return new Date(after);
}
