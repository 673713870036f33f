import { DispatchError } from "../errors/dispatch-error.js";
import type { Detection } from "./detection.js";
import type { ResolvedTarget } from "./target.js";

/** The text of a pane, without control sequences. */
export interface Captured {
  readonly target: ResolvedTarget;
  readonly text: string;
  /** Lines in `text`. */
  readonly lines: number;
  readonly capturedAt: Date;
  /** Secrets that were replaced. */
  readonly redactions: number;
  readonly detection?: Detection | undefined;
}

export const defaultCaptureLines = 200;
export const maxCaptureLines = 2000;

/** Lines to capture: 0 means the default. */
export function checkedCaptureLines(lines: number): number {
  if (lines === 0) return defaultCaptureLines;
  if (Number.isInteger(lines) && lines >= 1 && lines <= maxCaptureLines) return lines;
  throw new DispatchError("invalid_argument", `lines: must be 1 to ${maxCaptureLines}.`, { metadata: { field: "lines", value: String(lines) } });
}
