import { systemClock } from "../core/clock.js";
import { defined } from "../core/defined.js";
import type { DeliveryOptions } from "../core/domain/delivery.js";
import type { AskedTiming, ScheduleSpec } from "../core/domain/schedule.js";
import type { TargetAddress } from "../core/domain/target.js";
import { parseInstant } from "../core/schedule/parse-instant.js";
import { checkedTimeZone } from "../core/schedule/zoned-time.js";
import { readTiming, type ScheduleRequest } from "./schedules.js";

/** What is to be different; what is not named, or undefined, stays. Targets, selector and sessions change together. */
export type ScheduleChanges = Partial<ScheduleRequest>;

/** Fields of a schedule that can be changed, as the contract names them. */
export type ScheduleField = "name" | "targets" | "limits" | "prompt" | "options" | "timing" | "time_zone" | "jitter" | "start" | "end" | "max_runs" | "policy";

export interface ChangedSpec {
  readonly spec: ScheduleSpec<AskedTiming>;
  readonly fields: readonly ScheduleField[];
}

/** A spec with the changes in it, and the fields that they touch. */
export function changedSpec(spec: ScheduleSpec, changes: ScheduleChanges, toAddress: (target: string | TargetAddress) => TargetAddress): ChangedSpec {
  const { name, targets, select, sessions, limits, prompt, timeZone: zone, jitterMs, start, end, maxRuns, policy, at, in: delay, cron, every, ...options } = changes;
  const now = systemClock.now();
  const timeZone = zone === undefined ? spec.timeZone : checkedTimeZone(zone);
  const instant = (value: Date | string, option: string): Date => (typeof value === "string" ? parseInstant(value, option, { timeZone, now }) : value);
  const timing = { at, in: delay, cron, every };
  const fields: ScheduleField[] = [];
  const change = (field: ScheduleField, given: readonly unknown[], values: () => Partial<ScheduleSpec<AskedTiming>>): Partial<ScheduleSpec<AskedTiming>> => {
    if (given.every((value) => value === undefined)) return {};
    fields.push(field);
    return values();
  };
  const next: ScheduleSpec<AskedTiming> = {
    ...spec,
    ...change("name", [name], () => ({ name: name ?? "" })),
    ...change("targets", [targets, select, sessions], () => ({ targets: (targets ?? []).map(toAddress), select, sessions })),
    ...change("limits", [limits], () => ({ limits: { ...spec.limits, ...defined(limits ?? {}) } })),
    ...change("prompt", [prompt], () => ({ prompt: prompt ?? "" })),
    ...change("options", Object.values(options), () => ({ options: { ...spec.options, ...defined<Partial<DeliveryOptions>>(options) } })),
    ...change("timing", Object.values(timing), () => ({ timing: readTiming(timing, { timeZone, now }) })),
    ...change("time_zone", [zone], () => ({ timeZone })),
    ...change("jitter", [jitterMs], () => ({ jitterMs: jitterMs ?? 0 })),
    ...change("start", [start], () => ({ start: instant(start ?? "", "--start") })),
    ...change("end", [end], () => ({ end: instant(end ?? "", "--end") })),
    ...change("max_runs", [maxRuns], () => ({ maxRuns: maxRuns ?? 0 })),
    ...change("policy", Object.values(policy ?? {}), () => ({ policy: { ...spec.policy, ...defined(policy ?? {}) } })),
  };
  return { spec: next, fields };
}
