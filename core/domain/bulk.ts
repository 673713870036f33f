import type { Delivery, DeliveryOptions, DeliveryUpdate } from "./delivery.js";
import type { Selector } from "./selector.js";
import type { TargetAddress } from "./target.js";

/** Panes that the sessions registry of a machine names. */
export interface SessionsSource {
  /** Empty for the coordinator's own machine. */
  readonly machine: string;
  /** Part of a session's description; empty for all. */
  readonly query: string;
}

/** How many deliveries of one bulk run at once. */
export interface BulkLimits {
  readonly maxConcurrency: number;
  readonly perMachine: number;
  /** Each delivery waits a random time of up to this before it starts. */
  readonly jitterMs: number;
  /** Two starts are at least so far apart; absent in schedules of earlier versions. */
  readonly staggerMs?: number | undefined;
}

/** One prompt for many targets: the named ones, in order, then those that are selected, then those of the registry. */
export interface BulkRequest {
  readonly key: string;
  readonly prompt: string;
  readonly options: DeliveryOptions;
  readonly targets: readonly TargetAddress[];
  readonly select?: Selector | undefined;
  readonly sessions?: SessionsSource | undefined;
  readonly limits: BulkLimits;
}

/** What stands for a target in the key of its delivery. */
export function addressKey({ machine, server, pane }: TargetAddress): string {
  return [machine, server, pane].join("/");
}

/** The idempotency key of one delivery of a bulk; empty where the bulk has none. */
export function bulkDeliveryKey(bulkKey: string, target: TargetAddress): string {
  return bulkKey && `${bulkKey}/${addressKey(target)}`;
}

/** `planned` comes first, once; `result` once for each target, whatever became of it. */
export type BulkEvent =
  | { readonly type: "planned"; readonly targets: readonly TargetAddress[] }
  | { readonly type: "step"; readonly index: number; readonly update: DeliveryUpdate }
  | { readonly type: "result"; readonly index: number; readonly delivery: Delivery };

export const defaultConcurrency = 10;
export const maxConcurrency = 100;
