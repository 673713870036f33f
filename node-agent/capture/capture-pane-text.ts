import type { Clock } from "../../core/clock.js";
import type { Captured } from "../../core/domain/captured.js";
import type { Detection } from "../../core/domain/detection.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import { redactedTail } from "./redacted-tail.js";

export interface CapturePlace {
  readonly target: ResolvedTarget;
  /** The last lines of the pane as text. */
  readonly capture: (lines: number) => Promise<string>;
  readonly detect: () => Promise<Detection>;
}

/** The last lines of a pane, redacted before they leave this machine. */
export async function capturePaneText({ target, capture, detect }: CapturePlace, lines: number, clock: Clock): Promise<Captured> {
  const { text, count } = await redactedTail(capture, lines, target.width);
  const detection = await detect();
  return { target, text, lines: text === "" ? 0 : text.split("\n").length, capturedAt: clock.now(), detection, redactions: count };
}
