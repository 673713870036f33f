import { Cron } from "croner";
import { DispatchError } from "../errors/dispatch-error.js";

/** Parsed expressions: parsing costs as much as a search. Bounded, since schedules are many and expressions few. */
const parsed = new Map<string, Cron>();
const maxParsed = 1_000;

function cronOf(cron: string, timeZone: string): Cron {
  const key = `${timeZone} ${cron}`;
  let known = parsed.get(key);
  if (!known) {
    known = new Cron(cron, { timezone: timeZone, mode: "5-part", paused: true });
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(key, known);
  }
  return known;
}

/**
 * The first slot strictly after an instant, or undefined where none ever comes. A fixed time that spring leaves out comes at the end of
 * the gap; one that autumn repeats comes once, the first time; wildcards run through both.
 */
export function nextCronSlot(cron: string, timeZone: string, after: Date): Date | undefined {
  return cronOf(cron, timeZone).nextRun(after) ?? undefined;
}

/** The expression with single spaces, or `invalid_argument`: one that cannot be read, or whose date never comes. */
export function checkedCron(text: string, timeZone: string, now: Date): string {
  const cron = text.trim().replaceAll(/\s+/gu, " ");
  let next: Date | undefined;
  try {
    next = nextCronSlot(cron, timeZone, now);
  } catch (error) {
    throw refusal(text, plainWords((error as Error).message), error);
  }
  if (!next) throw refusal(text, "its date never comes.");
  return cron;
}

function refusal(value: string, why: string, cause?: unknown): DispatchError {
  return new DispatchError("invalid_argument", `--cron: "${value}" cannot be used: ${why} Write minute, hour, day, month and weekday, such as "0 9 * * MON-FRI", or @daily.`, { metadata: { field: "--cron", value }, cause });
}

function plainWords(message: string): string {
  const text = message.replace(/^CronPattern: /u, "");
  if (/exactly five|requires exactly 5/u.test(text)) return "it does not have five fields.";
  if (text.startsWith("@reboot")) return "@reboot has no time.";
  return `${text.replace(/\.$/u, "")}.`;
}
