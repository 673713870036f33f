import { kindOf, type Occurrence, type Schedule, type ScheduleStatus } from "../../core/domain/schedule.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { retryWindowOf } from "../../core/schedule/conclude-run.js";
import { formatInterval } from "../../core/schedule/parse-interval.js";
import { table } from "./table.js";

const icons: Readonly<Record<ScheduleStatus, string>> = { scheduled: "⧗", paused: "‖", fired: "✓", cancelled: "⊘", failed: "✗" };
const outcomeIcons: Readonly<Record<Occurrence["status"], string>> = { due: "⧗", claimed: "→", running: "→", delivered: "✓", queued: "…", skipped: "↷", missed: "↷", failed: "✗", unconfirmed: "?" };

/** An instant on the clocks of a zone, with its offset. */
export function localTime(instant: Date, timeZone: string): string {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "longOffset" }).formatToParts(instant).map(({ type, value }) => [type, value]));
  const offset = parts["timeZoneName"]?.replace("GMT", "") || "Z";
  return `${parts["year"]}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}:${parts["second"]}${offset}`;
}

function timingText({ spec }: Schedule): string {
  const { timing, timeZone } = spec;
  if (timing.type === "at") return `at ${localTime(timing.at, timeZone)}`;
  return timing.type === "cron" ? `cron(${timing.cron})` : `every(${formatInterval(timing.everyMs)})`;
}

function targetText({ spec: { targets, select, sessions } }: Schedule): string {
  const [first, ...others] = targets;
  const named = first ? `${formatAddress(first)}${others.length > 0 ? ` +${others.length}` : ""}` : "";
  return [named, select && `select ${Object.entries(select).filter(([, value]) => value !== "").map(([key, value]) => `${key}=${value}`).join(",")}`, sessions && "sessions registry"].filter(Boolean).join(" + ");
}

export function scheduleTable(schedules: readonly Schedule[]): string {
  return table(["ID", "STATUS", "NAME", "WHEN", "NEXT", "TARGET", "PROMPT"], schedules.map((schedule) => [
    schedule.id, `${icons[schedule.status]} ${schedule.status}`, schedule.spec.name, timingText(schedule),
    schedule.nextRun ? localTime(schedule.nextRun, schedule.spec.timeZone) : "-", targetText(schedule), schedule.promptPreview,
  ]));
}

export function scheduleLine(schedule: Schedule): string {
  const next = schedule.nextRun ? `, next=${localTime(schedule.nextRun, schedule.spec.timeZone)}` : "";
  return `${icons[schedule.status]} ${schedule.status}: ${schedule.id}${schedule.spec.name ? ` (${schedule.spec.name})` : ""}, ${timingText(schedule)}${next}${schedule.detail ? `. ${schedule.detail}` : ""}\n`;
}

export function scheduleDetails(schedule: Schedule): string {
  const { spec, runs, failureCount, consecutiveFailures, lastFiredAt, lastFailureAt, lastFailureReason, lastDeliveryId, nextSlots } = schedule;
  const { policy, timeZone } = spec;
  const time = (instant: Date): string => localTime(instant, timeZone);
  const retryMs = retryWindowOf(spec);
  const rules = [
    `overlap ${policy.overlap}`, `catch-up ${policy.catchUp}${policy.catchUpWindowMs === undefined ? "" : ` within ${formatInterval(policy.catchUpWindowMs)}`}`,
    ...(retryMs > 0 ? [`tries again every ${formatInterval(policy.retryEveryMs)} for ${formatInterval(retryMs)}`] : []),
    ...(policy.pauseAfterFailures > 0 ? [`pauses after ${policy.pauseAfterFailures} failures in a row`] : []),
    ...(spec.jitterMs > 0 ? [`jitter ${formatInterval(spec.jitterMs)}`] : []), spec.maxRuns > 0 ? `${runs} of ${spec.maxRuns} runs` : `${runs} runs`,
  ];
  const lines = [
    `  ${kindOf(spec)} for ${targetText(schedule)}, zone ${timeZone}`,
    `  prompt: ${schedule.promptPreview}`,
    `  ${rules.join(", ")}`,
    ...(spec.start ? [`  not before ${time(spec.start)}`] : []),
    ...(spec.end ? [`  not after ${time(spec.end)}`] : []),
    ...(lastFiredAt ? [`  last run ${time(lastFiredAt)}${lastDeliveryId ? `, delivery ${lastDeliveryId}` : ""}`] : []),
    ...(failureCount > 0 ? [`  ${failureCount} failures, ${consecutiveFailures} in a row${lastFailureAt ? `; last ${time(lastFailureAt)}: ${lastFailureReason}` : ""}`] : []),
    ...(nextSlots.length > 0 ? [`  next: ${nextSlots.map(time).join(", ")}`] : []),
  ];
  return `${scheduleLine(schedule)}${lines.join("\n")}\n`;
}

export function occurrenceTable(occurrences: readonly Occurrence[]): string {
  return table(["SLOT", "STATUS", "TRIES", "STARTED", "DELIVERY", "WHY"], occurrences.map((one) => [
    `${one.slot.toISOString()}${one.until ? ` to ${one.until.toISOString()}` : ""}`, `${outcomeIcons[one.status]} ${one.status}${one.manual ? " (by hand)" : ""}`, String(one.attempts), one.startedAt?.toISOString() ?? "-",
    one.targets.map(({ deliveryId }) => deliveryId).filter((id) => id !== "").join(" ") || "-", [one.reason, one.detail].filter((part) => part !== "").join(": "),
  ]));
}
