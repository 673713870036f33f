import type { Clock } from "../core/clock.js";
import type { Log } from "../core/log.js";
import type { SubjectGrant } from "../core/access/decide.js";
import type { AuditLog } from "../core/store/audit-log.js";
import type { DeliveryFeed } from "./deliveries/delivery-feed.js";
import type { DeliveryRunner } from "./deliveries/delivery-runner.js";
import type { Enrolment } from "./enrolment/enrolment.js";
import type { NodeDirectory } from "./nodes/node-directory.js";
import type { Scheduling } from "./scheduler/scheduling.js";
import type { DeliveryStore } from "./store/delivery-store.js";
import type { ScheduleStore } from "./store/schedule-store.js";

/** What the RPCs of the coordinator work with. */
export interface Coordinator {
  readonly store: DeliveryStore;
  readonly feed: DeliveryFeed;
  readonly runner: DeliveryRunner;
  readonly nodes: NodeDirectory;
  readonly enrolment: Enrolment;
  /** `host:port` at which this coordinator takes calls of other machines; undefined where it takes none. */
  readonly networkAddress: () => string | undefined;
  readonly schedules: ScheduleStore;
  readonly scheduler: Scheduling;
  readonly audit: AuditLog;
  /** What callers may do here, by the configuration. */
  readonly grants: readonly SubjectGrant[];
  /** Why nodes could not be looked for on the tailnet; empty where they could, or are not looked for. */
  readonly tailnetFailure: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxPromptBytes: number;
  readonly startedAt: Date;
}
