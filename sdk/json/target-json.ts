import { defaultCaptureLines, maxCaptureLines, type Captured } from "../../core/domain/captured.js";
import type { DetectedTarget, Detection } from "../../core/domain/detection.js";

/** A detection as programs read it; the start time of a process may be larger than what JSON numbers hold. */
export function detectionJson(detection: Detection): Record<string, unknown> {
  return { ...detection, agentStarted: String(detection.agentStarted) };
}

export function targetJson({ target, detection }: DetectedTarget): Record<string, unknown> {
  return {
    target: target.target, machine: target.machine, server: target.server, paneId: target.paneId, panePid: target.panePid, window: target.window,
    active: target.active, width: target.width, height: target.height, paneCommand: detection.paneCommand, cwd: detection.cwd,
    detection: detectionJson(detection),
  };
}

/** A capture as `--json` prints it, with the predecessor's fields. */
export function capturedJson({ target, detection, ...captured }: Captured, requestedLines: number): Record<string, unknown> {
  return {
    status: "captured", redacted: true, requestedLines: requestedLines || defaultCaptureLines, maxLines: maxCaptureLines, target: target.target, machine: target.machine, pane: target, ...captured, detection: detection ? detectionJson(detection) : null,
  };
}
