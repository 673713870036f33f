import type { BulkLimits, SessionsSource } from "../core/domain/bulk.js";
import { defaultConcurrency } from "../core/domain/bulk.js";
import type { DeliveryOptions } from "../core/domain/delivery.js";
import { checkedOptions } from "./check-request.js";
import type { AskedTiming, SchedulePolicy, ScheduleSpec } from "../core/domain/schedule.js";
import type { Selector } from "../core/domain/selector.js";
import type { TargetAddress } from "../core/domain/target.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { parseInstant } from "../core/schedule/parse-instant.js";
import { parseInterval } from "../core/schedule/parse-interval.js";
import { checkedTimeZone, localTimeZone } from "../core/schedule/zoned-time.js";

/** When: exactly one of the four. Texts are read as the command line reads them; local times hold in `timeZone`. */
export interface TimingRequest {
  /** An instant, RFC 3339, or a local time such as `2026-11-24 09:00`. */
  readonly at?: Date | string | undefined;
  /** Milliseconds, or such as `30m`. */
  readonly in?: number | string | undefined;
  /** Five fields, or such as `@daily`. */
  readonly cron?: string | undefined;
  /** Milliseconds, or such as `5 minutes`. */
  readonly every?: number | string | undefined;
}

export interface ScheduleRequest extends Partial<Omit<DeliveryOptions, "dryRun" | "noSubmit" | "waitFor">>, TimingRequest {
  readonly targets?: readonly (string | TargetAddress)[] | undefined;
  readonly select?: Selector | undefined;
  readonly sessions?: SessionsSource | undefined;
  readonly limits?: { readonly [Field in keyof BulkLimits]?: BulkLimits[Field] | undefined } | undefined;
  readonly prompt: string;
  readonly name?: string | undefined;
  /** IANA name; that of this process where none is given. */
  readonly timeZone?: string | undefined;
  readonly jitterMs?: number | undefined;
  readonly start?: Date | string | undefined;
  readonly end?: Date | string | undefined;
  readonly maxRuns?: number | undefined;
  readonly policy?: Partial<SchedulePolicy> | undefined;
}

/** The timing that a request names, or `invalid_argument` where it names none or several. */
export function readTiming(request: TimingRequest, { timeZone, now }: { timeZone: string; now: Date }): AskedTiming {
  const given = (["at", "in", "cron", "every"] as const).filter((word) => request[word] !== undefined);
  if (given.length !== 1) {
    const detail = given.length === 0 ? "When? Give one of --at, --in, --cron and --every." : `Only one of --at, --in, --cron and --every can be given, not ${given.map((word) => `--${word}`).join(" and ")}.`;
    throw new DispatchError("invalid_argument", detail, { metadata: { field: given[1] ? `--${given[1]}` : "--at" } });
  }
  if (request.at !== undefined) return { type: "at", at: instant(request.at, "--at", timeZone, now) };
  if (request.in !== undefined) return { type: "delay", delayMs: interval(request.in, "--in") };
  if (request.cron !== undefined) return { type: "cron", cron: request.cron };
  return { type: "every", everyMs: interval(request.every ?? 0, "--every") };
}

const instant = (value: Date | string, option: string, timeZone: string, now: Date): Date => (typeof value === "string" ? parseInstant(value, option, { timeZone, now }) : value);
const interval = (value: number | string, option: string): number => (typeof value === "string" ? parseInterval(value, option) : value);

const defaultRetryMs = 60_000;

/** The whole schedule that a request means, with the defaults for what it leaves out. */
export function scheduleSpec(request: ScheduleRequest, { now, toAddress }: { now: Date; toAddress: (target: string | TargetAddress) => TargetAddress }): ScheduleSpec<AskedTiming> {
  const { targets = [], select, sessions, limits, prompt, name = "", jitterMs = 0, start, end, maxRuns = 0, policy, at: _at, in: _in, cron: _cron, every: _every, timeZone: zone, ...options } = request;
  const timeZone = checkedTimeZone(zone ?? localTimeZone());
  const maxConcurrency = limits?.maxConcurrency ?? defaultConcurrency;
  return {
    name, targets: targets.map(toAddress), select, sessions, prompt, timeZone, jitterMs, maxRuns,
    limits: { maxConcurrency, perMachine: limits?.perMachine ?? maxConcurrency, jitterMs: limits?.jitterMs ?? 0, staggerMs: limits?.staggerMs ?? 0 },
    options: checkedOptions(options),
    timing: readTiming(request, { timeZone, now }),
    start: start === undefined ? undefined : instant(start, "--start", timeZone, now),
    end: end === undefined ? undefined : instant(end, "--end", timeZone, now),
    policy: {
      overlap: policy?.overlap ?? "skip", catchUp: policy?.catchUp ?? "last", catchUpWindowMs: policy?.catchUpWindowMs,
      retryEveryMs: policy?.retryEveryMs ?? defaultRetryMs, retryWindowMs: policy?.retryWindowMs, pauseAfterFailures: policy?.pauseAfterFailures ?? 0,
    },
  };
}
