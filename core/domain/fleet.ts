/** Where a machine is known from. */
export const nodeSources = ["local", "config", "joined", "tailnet"] as const;
export type NodeSource = (typeof nodeSources)[number];

/** A machine of the fleet, and whether it answers now. */
export interface FleetNode {
  readonly machine: string;
  readonly aliases: readonly string[];
  readonly address: string;
  readonly transport: string;
  readonly source: NodeSource;
  /** Empty where it does not answer. */
  readonly version: string;
  readonly contract: string;
  readonly tmuxVersion: string;
  readonly reachable: boolean;
  /** Why it does not answer, or what else is wrong; empty where all is well. */
  readonly detail: string;
  readonly latencyMs?: number | undefined;
  /** When it was connected, or lost, last. */
  readonly since?: Date | undefined;
  /** It takes nothing new. */
  readonly draining: boolean;
  /** Agents by state; empty where they were not asked for. */
  readonly agents: Readonly<Record<string, number>>;
}

/** A machine that did not answer where all were asked. */
export interface UnansweredMachine {
  readonly machine: string;
  readonly reason: string;
  readonly detail: string;
}
