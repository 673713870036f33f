import type { Delivery } from "../../core/domain/delivery.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import type { Detection } from "../../core/domain/detection.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import type { Schedule } from "../../core/domain/schedule.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import { bulkJson } from "../../sdk/json/bulk-json.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { capturedJson, targetJson } from "../../sdk/json/target-json.js";

/** An object that the predecessor printed: its fields, what is printed here, and the test that holds it to that. */
export interface ParityObject {
  readonly name: string;
  readonly fields: readonly string[];
  readonly printed: Record<string, unknown>;
  readonly file: string;
  readonly title: string;
}

const now = new Date("2026-11-24T09:00:00Z");
const target: ResolvedTarget = { machine: "here", server: "/tmp/tmux", paneId: "%1", target: "work:0.0", panePid: 1, window: "agent", active: true, width: 80, height: 24 };
const detection = {
  targetKind: "agent", agentKind: "claude", state: "idle", composerState: "idle", canReceivePrompt: true, canQueuePrompt: false, submitKeys: ["Enter"], recommendedSubmitKey: "Enter", reason: "", paneCommand: "claude", cwd: "/",
  agentVersion: "", agentPid: 1, agentStarted: 1n, sessionId: "", activity: "", actionNeeded: "", hasDraft: false, evidence: [], observedAt: now, since: now,
} satisfies Detection;
const made = (kind: Delivery["kind"]): Delivery => newDelivery({ id: "a", key: "a", machine: "here", requestedTarget: "work:0.0", kind, text: "x", now, options: deliveryOptions({}) });
const exec = deliveryJson({ ...made("exec"), exec: { commandHash: "", allowed: true, code: "allowed_prefix", rule: "make", sentence: "", interrupt: false, pasteText: "", output: "" } });
const prompt = deliveryJson({ ...made("prompt"), presses: 1, capturedBefore: "x" });
const bulk = bulkJson({ targets: [], deliveries: [] }, { key: "a", prompt: "", targets: [], limits: { maxConcurrency: 1, perMachine: 1, jitterMs: 0 }, options: deliveryOptions({}) });
const captured = { ...capturedJson({ target, text: "", lines: 0, capturedAt: now, redactions: 0, detection }, 200), ai: {} };
const schedule = scheduleJson({
  id: "a", status: "scheduled", detail: "", promptPreview: "", nextSlots: [], runs: 0, failureCount: 0, consecutiveFailures: 0, lastDeliveryId: "", lastFailureReason: "", createdAt: now, updatedAt: now,
  spec: { name: "", timing: { type: "every", everyMs: 1 }, targets: [], options: deliveryOptions({}), prompt: "x", limits: { maxConcurrency: 1, perMachine: 1, jitterMs: 0 }, timeZone: "UTC", jitterMs: 0, maxRuns: 0, policy: {} },
} as unknown as Schedule);

const fields = "test/sdk/json/record-fields.test.ts";
export const parityObjects: readonly ParityObject[] = [
  {
    name: "DispatchRecord", printed: { ...prompt, ...exec }, file: fields, title: "a prompt that was delivered",
    fields: [
      "id", "kind", "target", "machine", "prompt", "status", "detail", "confirm", "submitDelayMs", "commandHash", "filter", "targetKind", "dryRun", "targetState", "detection", "captureBefore", "execPlan", "createdAt", "deliveredAt",
      "updatedAt",
    ],
  },
  { name: "DispatchRecord.filter", printed: exec["filter"] as Record<string, unknown>, file: "test/integration/exec.test.ts", title: "in a dry run, which shows what would be", fields: ["allowed", "code", "reason", "commandHash", "normalizedCommand", "targetKind", "matchedRule"] },
  { name: "DispatchRecord.execPlan", printed: exec["execPlan"] as Record<string, unknown>, file: "test/integration/exec.test.ts", title: "in a dry run, which shows what would be", fields: ["interrupt", "pasteText", "submitKey"] },
  { name: "ConfirmResult", printed: prompt["confirm"] as Record<string, unknown>, file: fields, title: "one that is queued is not told as delivered", fields: ["delivered", "reason", "workingDetected", "queued", "actionNeeded", "authSwitchDetected"] },
  { name: "BulkDispatchResult", printed: bulk, file: "test/integration/bulk.test.ts", title: "goes to each, once; one bad target stops nobody", fields: ["status", "source", "requested", "planned", "delivered", "skipped", "failed", "dryRun", "maxConcurrency", "jitterMs", "perMachineLimit", "records", "detail"] },
  { name: "targets", printed: targetJson({ target, detection }), file: "test/cli/verbs.test.ts", title: "prints a line per pane, or one object per pane with the fields of the predecessor", fields: ["target", "window", "active", "paneCommand", "cwd", "panePid", "detection"] },
  { name: "detection", printed: detection, file: "test/cli/verbs.test.ts", title: "prints a line per pane, or one object per pane with the fields of the predecessor", fields: ["targetKind", "agentKind", "composerState", "canReceivePrompt", "canQueuePrompt", "submitKeys", "recommendedSubmitKey", "reason", "paneCommand", "cwd"] },
  { name: "CaptureResult", printed: captured, file: "test/integration/capture.test.ts", title: "is redacted on the node, and tells how often", fields: ["status", "target", "machine", "requestedLines", "lines", "maxLines", "capturedAt", "text", "redacted", "detection", "ai"] },
  {
    name: "ScheduledDispatch", printed: schedule, file: "test/cli/schedules.test.ts", title: "has the predecessor's fields",
    fields: ["id", "options", "kind", "name", "at", "cron", "every", "intervalMs", "nextRun", "status", "lastDispatchId", "lastFiredAt", "lastFailureAt", "lastFailureReason", "failureCount", "createdAt", "updatedAt"],
  },
];

/** A variable of the predecessor, what it does here, and the test that holds it to that. */
export type ParityVariable = readonly [names: readonly string[], here: string, file: string, title: string];

const config = "test/core/config/load-config.test.ts";
const ai = "test/sdk/ai/plan-ai.test.ts";
export const parityVariables: readonly ParityVariable[] = [
  [["DISPATCH_DATA_DIR"], "the state folder; the default is another one (docs/differences.md)", config, "system file < user file < environment < flags"],
  [["DISPATCH_MIN_DELAY_MS", "DISPATCH_MAX_DELAY_MS", "DISPATCH_MS_PER_WORD", "DISPATCH_MS_PER_CHAR"], "a lower bound between paste and key, where one of them is set", "test/cli/send/key-delay.test.ts", "reckons as the predecessor did: %#"],
  [["DISPATCH_AI_PROVIDER", "DISPATCH_AI_MODEL", "DISPATCH_AI_BASE_URL", "DISPATCH_AI_API_KEY"], "the model that `capture --ai` asks", ai, "the variables are known to the configuration, and the key goes to no background process"],
  [["GROQ_API_KEY", "GROQ_MODEL", "CEREBRAS_API_KEY", "CEREBRAS_MODEL", "OPENAI_API_KEY", "OPENAI_MODEL"], "keys and models of the providers", ai, "the variables are known to the configuration, and the key goes to no background process"],
  [
    ["DISPATCH_DAEMON_INTERVAL_MS", "DISPATCH_REMOTE_TIMEOUT_MS", "DISPATCH_SETTLE_TIMEOUT_MS", "DISPATCH_SUBMIT_TIMEOUT_MS", "DISPATCH_SUBMIT_RETRY_INTERVAL_MS", "DISPATCH_BACKEND", "DISPATCH_MOSAIC_BIN", "DISPATCH_STORAGE_MODE"],
    "accepted, without effect", config, "%s of the predecessor may stay set, and changes nothing",
  ],
];
