import { join } from "node:path";
import { systemClock } from "../../core/clock.js";
import { kindOf, type Schedule } from "../../core/domain/schedule.js";
import { formatAddress } from "../../core/domain/target-address.js";
import type { DaemonStatus } from "../daemon/daemon-control.js";

/** The scheduler looks at least every second; after this long without a look something is wrong. */
export const heartbeatStaleMs = 30_000;
const mostCounted = 1_000;

/** Time since due slots were last looked for; null where that is not known. */
export function heartbeatAgeMs({ coordinator }: DaemonStatus): number | null {
  const last = coordinator?.scheduler?.lastTickAt;
  return last ? systemClock.now().getTime() - last.getTime() : null;
}

/** Flat: pid and health are what is asked for. No prompt is in it, not even its beginning. */
export function daemonJson(status: DaemonStatus): object {
  const { coordinator, ...rest } = status;
  const { scheduler } = coordinator ?? {};
  const deliveries = Object.values(coordinator?.deliveries ?? {}).reduce((sum, count) => sum + count, 0);
  return {
    ...rest,
    pid: coordinator?.pid ?? null,
    version: coordinator?.version ?? null,
    startedAt: coordinator?.startedAt ?? null,
    rssBytes: coordinator?.rssBytes ?? null,
    deliveries: coordinator?.deliveries ?? null,
    nodes: coordinator?.nodes ?? null,
    stale: status.running && !coordinator,
    health: healthOf(status),
    ...Object.fromEntries(["scheduled", "paused", "fired", "cancelled", "failed"].map((word) => [word, scheduler?.schedules[word] ?? 0])),
    recentDispatches: Math.min(deliveries, mostCounted),
    lastTickAt: scheduler?.lastTickAt ?? null,
    lastTickStartedAt: scheduler?.lastTickAt ?? null,
    lastTickFinishedAt: scheduler?.lastTickAt ?? null,
    lastTickError: scheduler?.lastTickError || null,
    stoppedAt: null,
    heartbeatAgeMs: heartbeatAgeMs(status),
    heartbeatStaleMs,
    nextDue: scheduler?.next ? queueItem(scheduler.next) : null,
    recentFailures: scheduler?.recentFailures.map(queueItem) ?? [],
    logPath: status.log,
    pidPath: join(status.dataDir, "daemon.json"),
    statePath: join(status.dataDir, "coordinator.db"),
  };
}

function healthOf(status: DaemonStatus): "alive" | "stale" | "dead" {
  if (!status.running) return "dead";
  const ageMs = heartbeatAgeMs(status);
  return status.coordinator && (ageMs === null || ageMs <= heartbeatStaleMs) ? "alive" : "stale";
}

function queueItem({ id, spec, status, nextRun, lastDeliveryId, lastFiredAt, lastFailureAt, lastFailureReason, failureCount }: Schedule): object {
  const target = spec.targets[0];
  return {
    id, kind: kindOf(spec), name: spec.name || null, status, target: target ? formatAddress(target) : null, machine: target?.machine || "local", nextRun: nextRun ?? null,
    lastDispatchId: lastDeliveryId || null, lastFiredAt: lastFiredAt ?? null, lastFailureAt: lastFailureAt ?? null, lastFailureReason: lastFailureReason || null, failureCount,
  };
}
