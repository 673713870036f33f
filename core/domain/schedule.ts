import type { BulkLimits, SessionsSource } from "./bulk.js";
import type { DeliveryOptions, DeliveryStatus } from "./delivery.js";
import type { Selector } from "./selector.js";
import type { TargetAddress } from "./target.js";

export const scheduleStatuses = ["scheduled", "paused", "fired", "cancelled", "failed"] as const;
export type ScheduleStatus = (typeof scheduleStatuses)[number];
export const scheduleKinds = ["schedule", "loop"] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];
export const overlapPolicies = ["skip", "queue_one", "allow"] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];
export const catchUpPolicies = ["none", "last", "all"] as const;
export type CatchUpPolicy = (typeof catchUpPolicies)[number];
export const occurrenceStatuses = ["due", "claimed", "running", "delivered", "queued", "skipped", "missed", "failed", "unconfirmed"] as const;
export type OccurrenceStatus = (typeof occurrenceStatuses)[number];

/** When a schedule fires. `cron` holds in the schedule's time zone; `everyMs` counts real time on a grid. */
export type Timing =
  | { readonly type: "at"; readonly at: Date }
  | { readonly type: "cron"; readonly cron: string }
  | { readonly type: "every"; readonly everyMs: number };

/** As asked for: `delay` becomes `at` when the coordinator takes the request. */
export type AskedTiming = Timing | { readonly type: "delay"; readonly delayMs: number };

export interface SchedulePolicy {
  readonly overlap: OverlapPolicy;
  readonly catchUp: CatchUpPolicy;
  /** How late a slot may still be run; undefined: an hour for one-shots, one cadence for others. */
  readonly catchUpWindowMs?: number | undefined;
  readonly retryEveryMs: number;
  /** How long a slot for which nothing was typed is tried again; undefined: an hour for one-shots, never for others. */
  readonly retryWindowMs?: number | undefined;
  /** Failures in a row that pause it; 0 for never. */
  readonly pauseAfterFailures: number;
}

/** What a schedule is to do, and when. */
export interface ScheduleSpec<When = Timing> {
  /** Unique among schedules that are not over; may be empty. */
  readonly name: string;
  /** Targets, selector and registry are resolved when a slot fires. */
  readonly targets: readonly TargetAddress[];
  readonly select?: Selector | undefined;
  readonly sessions?: SessionsSource | undefined;
  readonly limits: BulkLimits;
  /** A secret: in lists it is empty. */
  readonly prompt: string;
  readonly options: DeliveryOptions;
  readonly timing: When;
  /** IANA name. */
  readonly timeZone: string;
  /** Each slot is started up to so much later. */
  readonly jitterMs: number;
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
  /** Runs after which it is over; 0 for never. */
  readonly maxRuns: number;
  readonly policy: SchedulePolicy;
}

export interface Schedule {
  readonly id: string;
  readonly spec: ScheduleSpec;
  readonly status: ScheduleStatus;
  /** Why it stands there, where that is not plain. */
  readonly detail: string;
  /** Next start, retries included; undefined where none will come. */
  readonly nextRun?: Date | undefined;
  /** Only of one schedule that was asked for. */
  readonly nextSlots: readonly Date[];
  /** Slots that were started. */
  readonly runs: number;
  readonly lastDeliveryId: string;
  readonly lastFiredAt?: Date | undefined;
  /** Cleared by the next success. */
  readonly lastFailureAt?: Date | undefined;
  readonly lastFailureReason: string;
  /** All failures; never reset. */
  readonly failureCount: number;
  readonly consecutiveFailures: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly promptPreview: string;
}

/** One target of an occurrence. */
export interface OccurrenceTarget {
  readonly target: TargetAddress;
  /** Of its last delivery; empty where there is none yet. */
  readonly deliveryId: string;
  readonly status: DeliveryStatus;
  readonly reason: string;
  readonly detail: string;
  /** How often a delivery was begun. */
  readonly attempts: number;
}

/** One slot of one schedule: unique by both. */
export interface Occurrence {
  readonly scheduleId: string;
  /** The nominal time. */
  readonly slot: Date;
  /** Set where this row stands for many missed slots: the last of them. */
  readonly until?: Date | undefined;
  /** The slot with its jitter, or the next try. */
  readonly dueAt: Date;
  readonly status: OccurrenceStatus;
  /** A reason of the catalogue, or a `PassReason`; empty where there is nothing to explain. */
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  readonly targets: readonly OccurrenceTarget[];
  readonly claimedAt?: Date | undefined;
  readonly startedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  /** Asked for by a person, not by the timing. */
  readonly manual: boolean;
}

/** Why a slot was skipped or missed. Documented in docs/schedules.md. */
export const passReasons = {
  overlap: "An earlier run of this schedule was still under way.",
  not_running: "Nothing could run it at its time, and it was too late afterwards.",
  superseded: "Nothing could run it at its time; a later slot was run in its place.",
  paused: "The schedule was paused.",
  cancelled: "The schedule was cancelled.",
  edited: "The schedule was changed before it ran.",
} as const;
export type PassReason = keyof typeof passReasons;

/** Counts and marks of the scheduler. */
export interface SchedulerStatus {
  readonly schedules: Readonly<Record<string, number>>;
  readonly nextDue?: Date | undefined;
  /** The schedule that is due then; without its prompt. */
  readonly next?: Schedule | undefined;
  readonly lastTickAt?: Date | undefined;
  readonly lastTickError: string;
  /** Latest first, at most five, without prompts. */
  readonly recentFailures: readonly Schedule[];
}

const openStatuses: ReadonlySet<OccurrenceStatus> = new Set(["due", "claimed", "running", "queued"]);

/** Something more will become of it. */
export function isOpen({ status }: Pick<Occurrence, "status">): boolean {
  return openStatuses.has(status);
}

/** Ids of the last delivery of each of their targets. */
export function deliveriesOf(occurrences: readonly Pick<Occurrence, "targets">[]): string[] {
  return occurrences.flatMap(({ targets }) => targets.map(({ deliveryId }) => deliveryId)).filter((id) => id !== "");
}

export function kindOf({ timing }: Pick<ScheduleSpec, "timing">): ScheduleKind {
  return timing.type === "every" ? "loop" : "schedule";
}

const previewLength = 40;

/** The first 40 characters, in one line. */
export function promptPreview(prompt: string): string {
  const line = prompt.replaceAll(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length <= previewLength ? line : `${characters.slice(0, previewLength - 1).join("")}…`;
}

/** The idempotency key of a slot's delivery; of several targets each has its own, and so has each try. */
export function slotKey(scheduleId: string, slot: Date, { address = "", attempt = 1 }: { address?: string; attempt?: number } = {}): string {
  return [scheduleId, slot.toISOString(), ...(address ? [address] : []), ...(attempt > 1 ? [`try-${attempt}`] : [])].join("/");
}
