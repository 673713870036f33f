import { maxCaptureLines } from "../../core/domain/captured.js";
import type { Delivery } from "../../core/domain/delivery.js";
import { paneOf } from "./pane-of.js";

/** The fields of the predecessor's record that have no other name here; what was not looked at is null. */
export function recordFields(delivery: Delivery): Record<string, unknown> {
  const { detection, options } = delivery;
  return {
    // No record holds the text: a mark stands for it, as the predecessor had it for commands and keys.
    prompt: promptMark(delivery),
    targetKind: detection?.targetKind ?? null,
    targetState: detection?.composerState ?? null,
    dryRun: options.dryRun,
    submitDelayMs: options.minKeyDelayMs,
    confirm: confirmation(delivery),
    captureBefore: captureBefore(delivery),
    deliveredAt: deliveredAt(delivery),
  };
}

function promptMark({ kind, keyName, exec, promptSha256 }: Delivery): string {
  if (kind === "key") return `<key:${keyName}>`;
  return kind === "exec" ? `<exec-command sha256:${exec?.commandHash ?? ""}>` : `<prompt sha256:${promptSha256.slice(0, 16)}>`;
}

/** What is known of a prompt after its key was pressed. `delivered` is true only with the status of that name: queued is not there yet. */
function confirmation({ kind, presses, status, reason, detail, steps }: Delivery): Record<string, unknown> | null {
  if (kind !== "prompt" || presses === 0) return null;
  const saw = (name: string): boolean => steps.some(({ step }) => step === name);
  const switching = reason === "action_needed";
  return {
    delivered: status === "delivered", reason: detail, queued: saw("queued"), workingDetected: saw("working"), actionNeeded: switching, authSwitchDetected: switching,
  };
}

function captureBefore(delivery: Delivery): Record<string, unknown> | null {
  const { capturedBefore, options, machine } = delivery;
  if (capturedBefore === "") return null;
  return {
    status: "captured", target: paneOf(delivery), machine, requestedLines: options.captureBeforeLines, lines: capturedBefore.split("\n").length,
    maxLines: maxCaptureLines, redacted: true, text: capturedBefore,
  };
}

function deliveredAt({ status, kind, steps, updatedAt }: Delivery): Date | null {
  const found = steps.find(({ step }) => step === "delivered")?.at;
  return found ?? (status === "delivered" && kind === "key" ? updatedAt : null);
}
