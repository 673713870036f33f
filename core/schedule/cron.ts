import { Cron } from "croner";
import { DispatchError } from "../errors/dispatch-error.js";
import { instantOfWall, offsetMs, steadyMs } from "./zoned-time.js";

/** Parsed expressions: parsing costs as much as a search. Bounded, since schedules are many and expressions few. */
const parsed = new Map<string, Cron>();
const maxParsed = 1_000;

/** Without a zone: on a wall whose clock never changes, as if it were UTC. */
function cronOf(cron: string, timeZone?: string): Cron {
  const key = `${timeZone ?? ""} ${cron}`;
  let known = parsed.get(key);
  if (!known) {
    known = new Cron(cron, { ...(timeZone === undefined ? { utcOffset: 0 } : { timezone: timeZone }), mode: "5-part", paused: true });
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(key, known);
  }
  return known;
}

/** The last answer to each expression: schedules that are due together often share it, and to reckon it is most of what a claim reckons. */
const answers = new Map<string, { readonly after: number; readonly slot: Date | undefined }>();

/** Minutes and hours are numbers, lists and ranges: no wildcard and no step. */
function isFixed(cron: string): boolean {
  return cron.startsWith("@") ? cron.toLowerCase() !== "@hourly" : !/[*?/]/u.test(cron.split(" ").slice(0, 2).join());
}

/**
 * The first slot strictly after an instant, or undefined where none ever comes. A fixed time that spring leaves out comes at the end of
 * the gap; one that autumn repeats comes once, the first time; wildcards run through both.
 */
export function nextCronSlot(cron: string, timeZone: string, after: Date): Date | undefined {
  const key = `${timeZone} ${cron}`;
  const known = answers.get(key);
  if (known?.after === after.getTime()) return known.slot;
  const slot = isFixed(cron) ? nextFixedSlot(cron, timeZone, after) : nextWildcardSlot(cron, timeZone, after);
  if (answers.size >= maxParsed) answers.clear();
  answers.set(key, { after: after.getTime(), slot });
  return slot;
}

/** On the wall first, then on the time line: the library drops what spring leaves out where the gap ends on the next day, as in Greenland. */
function nextFixedSlot(cron: string, timeZone: string, after: Date): Date | undefined {
  const onWall = cronOf(cron);
  for (let wall = onWall.nextRun(new Date(after.getTime() + offsetMs(after.getTime(), timeZone))); wall; wall = onWall.nextRun(wall)) {
    const instant = instantOfWall(wall.getTime(), timeZone);
    if (instant > after) return instant;
  }
  return undefined;
}

/** Where clocks are not changed until then, the wall tells it as well, and much faster. */
function nextWildcardSlot(cron: string, timeZone: string, after: Date): Date | undefined {
  const offset = offsetMs(after.getTime(), timeZone);
  const wall = cronOf(cron).nextRun(new Date(after.getTime() + offset));
  const instant = wall && new Date(wall.getTime() - offset);
  if (instant && instant.getTime() - after.getTime() < steadyMs && offsetMs(instant.getTime(), timeZone) === offset) return instant;
  return cronOf(cron, timeZone).nextRun(after) ?? undefined;
}

/** The expression with single spaces, or `invalid_argument`: one that cannot be read, or whose date never comes. */
export function checkedCron(text: string, timeZone: string, now: Date): string {
  const cron = text.trim().replaceAll(/\s+/gu, " ");
  let next: Date | undefined;
  try {
    next = nextCronSlot(cron, timeZone, now);
  } catch (error) {
    throw refusal(text, plainWords(cron, (error as Error).message), error);
  }
  if (!next) throw refusal(text, "its date never comes.");
  return cron;
}

function refusal(value: string, why: string, cause?: unknown): DispatchError {
  return new DispatchError("invalid_argument", `--cron: "${value}" cannot be used: ${why} Write minute, hour, day, month and weekday, such as "0 9 * * MON-FRI", or @daily.`, { metadata: { field: "--cron", value }, cause });
}

const fieldNames = ["minute", "hour", "day", "month", "weekday"] as const;

function plainWords(cron: string, message: string): string {
  if (cron.toLowerCase() === "@reboot") return "@reboot has no time.";
  const fields = cron.split(" ");
  if (fields.length !== fieldNames.length) return "it does not have five fields.";
  const wrong = fields.findIndex((field, index) => !isReadable(fieldNames.map((_name, at) => (at === index ? field : "*")).join(" ")));
  // The library's words say what is wrong where no field is for itself.
  return wrong < 0 ? `${message.replace(/^CronPattern: /u, "").replace(/\.$/u, "")}.` : `"${fields[wrong]}" is no ${fieldNames[wrong]}.`;
}

function isReadable(cron: string): boolean {
  try {
    cronOf(cron);
    return true;
  } catch {
    return false;
  }
}
