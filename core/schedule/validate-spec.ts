import type { AskedTiming, SchedulePolicy, ScheduleSpec, Timing } from "../domain/schedule.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { checkedCron } from "./cron.js";
import { nextSlot, nextSlots } from "./next-slot.js";
import { formatInterval } from "./parse-interval.js";
import { checkedTimeZone } from "./zoned-time.js";

/** No agent takes prompts faster; a smaller number is a slip of the pen. */
export const minEveryMs = 1_000;
const minRetryMs = 1_000;
const nameLength = 100;

const refusal = (field: string, detail: string): DispatchError => new DispatchError("invalid_argument", `${field}: ${detail}`, { metadata: { field } });

/** Of a whole schedule: what can be kept, or `invalid_argument` with the field. A past `at` is refused unless `catchUp`. */
export function validateSpec(spec: ScheduleSpec<AskedTiming>, now: Date, { catchUp }: { catchUp: boolean }): ScheduleSpec {
  const timeZone = checkedTimeZone(spec.timeZone);
  const timing = checkedTiming(spec.timing, timeZone, now, catchUp);
  if (spec.targets.length === 0 && !spec.select && !spec.sessions) throw refusal("targets", "no target, no selector and no sessions registry was named.");
  if (spec.options.dryRun || spec.options.noSubmit) throw refusal("options", "a schedule delivers: it cannot be a dry run, nor leave the text unsent.");
  if (spec.name.length > nameLength || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/]/u.test(spec.name.replaceAll("\u200d", "")) || spec.name !== spec.name.trim()) throw refusal("--name", `"${spec.name}" cannot be used: at most ${nameLength} characters, without slashes, line ends, invisible characters or spaces around it.`);
  if (/^[0-9a-f]{12}$/u.test(spec.name)) throw refusal("--name", `"${spec.name}" looks like an id.`);
  if (spec.jitterMs < 0) throw refusal("--jitter", "it cannot be negative.");
  checkPolicy(spec.policy);
  const checked = { ...spec, timeZone, timing };
  if (spec.jitterMs > 0 && spec.jitterMs >= shortestGapMs(checked, now)) throw refusal("--jitter", "it must be shorter than the time between two runs.");
  checkSpan(checked, now);
  return checked;
}

function checkedTiming(timing: AskedTiming, timeZone: string, now: Date, catchUp: boolean): Timing {
  switch (timing.type) {
    case "delay":
      if (!(timing.delayMs > 0)) throw refusal("--in", "it must be longer than nothing.");
      return { type: "at", at: new Date(now.getTime() + timing.delayMs) };
    case "at": {
      if (Number.isNaN(timing.at.getTime())) throw refusal("--at", "this is no time.");
      const lateMs = now.getTime() - timing.at.getTime();
      if (lateMs > 0 && !catchUp) throw refusal("--at", `${timing.at.toISOString()} is past, by ${formatInterval(Math.max(1000, Math.floor(lateMs / 1000) * 1000))}. Name a later time, or add --catch-up to run it now.`);
      return timing;
    }
    case "cron":
      return { type: "cron", cron: checkedCron(timing.cron, timeZone, now) };
    case "every":
      if (timing.everyMs < minEveryMs) throw refusal("--every", `${formatInterval(timing.everyMs)} is too short; the shortest is ${formatInterval(minEveryMs)}.`);
      return timing;
  }
}

const looked = 20;

/** Between those slots that come next. */
function shortestGapMs(spec: ScheduleSpec, now: Date): number {
  const slots = nextSlots(spec, now, now, looked).map((slot) => slot.getTime());
  return Math.min(...slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0)), Number.POSITIVE_INFINITY);
}

function checkPolicy(policy: SchedulePolicy): void {
  if (policy.retryEveryMs < minRetryMs) throw refusal("--retry-every", `the shortest is ${formatInterval(minRetryMs)}.`);
  if ((policy.retryWindowMs ?? 0) < 0) throw refusal("--retry-for", "it cannot be negative.");
  if ((policy.catchUpWindowMs ?? 0) < 0) throw refusal("--catch-up-window", "it cannot be negative.");
}

function checkSpan(spec: ScheduleSpec, now: Date): void {
  const { start, end, timing } = spec;
  if (timing.type === "at") {
    if (start || end || spec.maxRuns > 1) throw refusal(start ? "--start" : end ? "--end" : "--max-runs", "it is for schedules that come again; this one fires once.");
    return;
  }
  if (start && end && end < start) throw refusal("--end", "it is before --start.");
  if (end && !nextSlot(spec, now, start ?? now)) throw refusal("--end", "no run would come before it.");
}
