import type { Clock } from "../../core/clock.js";
import type { Detection } from "../../core/domain/detection.js";
import type { DeliveryOptions } from "../../core/domain/delivery.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Reason } from "../../core/errors/reasons.js";
import type { AgentAdapter } from "../agents/agent-adapter.js";
import type { ProcessFacts } from "../processes/process-facts.js";
import type { Journal } from "../store/journal.js";
import type { DeliveryLog } from "./delivery-log.js";
import type { PaneLocks } from "./pane-locks.js";
import type { Pane } from "./sight.js";
import type { TargetAddress } from "../../core/domain/target.js";

/** The turn of a prompt that was proven: for a moment the screen may not show yet that it began, or that it ended. */
export interface LastTurn {
  /** Monotonic ms of the proof, or of the end where that was told. */
  readonly at: number;
  /** Whether the record says that it is over. */
  isOver(): Promise<boolean>;
}

/** What every delivery of a node shares. */
export interface DeliveryDeps {
  readonly clock: Clock;
  readonly facts: ProcessFacts;
  readonly journal: Journal;
  readonly log: DeliveryLog;
  readonly locks: PaneLocks;
  /** The turn of the prompt that was proven last in each pane, by `paneName`. */
  readonly turns: Map<string, LastTurn>;
  resolve(address: TargetAddress): Promise<Pane>;
  adapterOf(kind: string): AgentAdapter | undefined;
}

/** One delivery on its way. */
export interface RunContext extends DeliveryDeps {
  readonly id: string;
  /** Text of the caller; after a recovery without it, the pasted text. */
  readonly prompt: string;
  readonly options: DeliveryOptions;
  /** What the last look before typing saw: a refusal shows what it rests on. */
  lastSeen: Detection | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Fires when the delivery is cancelled, its time is over, or the node stops: nothing is typed or pressed after that. */
  readonly signal: AbortSignal;
  /** Fires when the node stops. What was pressed is followed until then. */
  readonly shutdown: AbortSignal;
}

/** Nothing was typed, and why. */
export class Refusal extends DispatchError {}

export function refusal(reason: Reason, detail: string): Refusal {
  return new Refusal(reason, detail);
}

/** Why a delivery's signal fired. */
export class Stopped extends Error {
  constructor(readonly why: "cancelled" | "deadline" | "shutdown") {
    super(why);
  }
}

export function remainingMs(context: RunContext): number {
  return context.deadline - context.clock.now().getTime();
}

/** Whether keys or text that were on their way went in is not known when the server is lost; every other failure came before them. */
export function isTmuxLost(error: unknown): boolean {
  return error instanceof DispatchError && error.reason === "tmux_lost";
}
