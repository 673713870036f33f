import type { Clock } from "../../core/clock.js";
import type { Captured } from "../../core/domain/captured.js";
import type { Detection } from "../../core/domain/detection.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import { redact } from "../../core/redaction/redact.js";

export interface CapturePlace {
  readonly target: ResolvedTarget;
  /** The last lines of the pane as text. */
  readonly capture: (lines: number) => Promise<string>;
  readonly detect: () => Promise<Detection>;
}

/** The last lines of a pane, redacted before they leave this machine. */
export async function capturePaneText({ target, capture, detect }: CapturePlace, lines: number, clock: Clock): Promise<Captured> {
  const [captured, detection] = [await capture(lines), await detect()];
  const { text, count } = await redact(captured, { width: target.width });
  return { target, text, lines: text === "" ? 0 : text.split("\n").length, capturedAt: clock.now(), detection, redactions: count };
}
