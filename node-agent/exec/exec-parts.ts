import type { Clock } from "../../core/clock.js";
import type { TargetAddress } from "../../core/domain/target.js";
import type { Bell } from "../delivery/bell.js";
import type { PaneLocks } from "../delivery/pane-locks.js";
import type { Pane } from "../delivery/sight.js";
import type { ProcessFacts } from "../processes/process-facts.js";
import type { CommandMarks } from "./command-marks.js";
import type { ExecSteps } from "./exec-steps.js";

/** What running commands needs of the node. */
export interface ExecParts {
  readonly machine: string;
  readonly clock: Clock;
  readonly facts: ProcessFacts;
  readonly locks: PaneLocks;
  resolve(address: TargetAddress): Promise<Pane>;
}

/** One command on its way into one pane, under the pane's lock. */
export interface ExecRun {
  readonly parts: ExecParts;
  readonly id: string;
  readonly pane: Pane;
  /** Rings when the pane changes. */
  readonly bell: Bell;
  readonly marks: CommandMarks;
  readonly steps: ExecSteps;
  /** Fires when the time is over. */
  readonly signal: AbortSignal;
}
