import type { SchedulerStatus } from "./schedule.js";

export interface NodeStatus {
  readonly machine: string;
  readonly address: string;
  readonly healthy: boolean;
  /** Why it is not healthy, or empty. */
  readonly detail: string;
  readonly version: string;
  readonly tmuxVersion: string;
}

/** Health and counts of a coordinator and its nodes. */
export interface CoordinatorStatus {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** Deliveries by status word. */
  readonly deliveries: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeStatus[];
  readonly rssBytes: number;
  /** Absent where a coordinator of an older version answers. */
  readonly scheduler?: SchedulerStatus | undefined;
}
