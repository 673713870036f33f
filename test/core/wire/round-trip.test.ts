import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliveryKinds, deliveryStatuses, type Delivery, type DeliveryUpdate, type ExecReport } from "../../../core/domain/delivery.js";
import type { Detection } from "../../../core/domain/detection.js";
import { reasons } from "../../../core/errors/reasons.js";
import { deliveryFromWire, deliveryStatus, deliveryStep, deliveryToWire, evidenceSource, updateFromWire, updateToWire } from "../../../core/wire/delivery.js";
import { deliveryOptionsFromWire, onBusy, onDraft, typingMode, waitFor } from "../../../core/wire/delivery-options.js";
import { agentState, composerState, targetKind } from "../../../core/wire/detection.js";
import { severity } from "../../../core/wire/node.js";
import * as wire from "../../../proto/index.js";

const int32 = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const text = fc.string({ unit: "grapheme" });
const date = fc.date({ min: new Date(0), max: new Date(8e12), noInvalidDate: true });
const reason = fc.constantFrom("", ...Object.keys(reasons));

const target = fc.record({ machine: text, server: text, paneId: text, target: text, panePid: int32, window: text, active: fc.boolean(), width: int32, height: int32 });

const detection: fc.Arbitrary<Detection> = fc.record({
  targetKind: fc.constantFrom(...targetKind.words), agentKind: text, state: fc.constantFrom(...agentState.words), composerState: fc.constantFrom(...composerState.words),
  canReceivePrompt: fc.boolean(), canQueuePrompt: fc.boolean(), submitKeys: fc.array(text), recommendedSubmitKey: text, reason: text, paneCommand: text, cwd: text,
  agentVersion: text, agentPid: int32, agentStarted: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), sessionId: text, activity: text, actionNeeded: text, hasDraft: fc.boolean(),
  evidence: fc.array(fc.record({ source: fc.constantFrom("process", "record", "screen", "tmux"), detail: text })), observedAt: date, since: date,
});

const evidence = fc.record({
  source: fc.constantFrom(...evidenceSource.words), locator: text, recordedAt: date, sentSha256: text, recordedSha256: text, exact: fc.boolean(),
  transformation: fc.array(text), sessionId: text,
});

const update: fc.Arbitrary<DeliveryUpdate> = fc.record(
  { deliveryId: text, sequence: int32, step: fc.constantFrom(...deliveryStep.words), at: date, detail: text, reason, evidence, detection, answer: fc.string({ minLength: 1 }) },
  { requiredKeys: ["deliveryId", "sequence", "step", "at", "detail", "reason"] },
);

const exec: fc.Arbitrary<ExecReport> = fc.record({
  commandHash: text, allowed: fc.boolean(), code: text, rule: text, sentence: text, interrupt: fc.boolean(), pasteText: text, output: text,
  exitStatus: fc.option(int32, { nil: undefined }),
});

const delivery: fc.Arbitrary<Delivery> = fc.record({
  id: text, key: text, machine: text, target: fc.option(target, { nil: undefined }), requestedTarget: text, status: fc.constantFrom(...deliveryStatuses), reason, detail: text,
  evidence: fc.option(evidence, { nil: undefined }), detection: fc.option(detection, { nil: undefined }), steps: fc.array(update, { maxLength: 4 }), createdAt: date, updatedAt: date,
  promptBytes: int32, promptSha256: text, answer: text, presses: int32, kind: fc.constantFrom(...deliveryKinds), keyName: text, capturedBefore: text,
  exec: fc.option(exec, { nil: undefined }),
  options: fc.record({
    onBusy: fc.constantFrom(...onBusy.words), onDraft: fc.constantFrom(...onDraft.words), waitFor: fc.constantFrom(...waitFor.words), timeoutMs: int32,
    dryRun: fc.boolean(), noSubmit: fc.boolean(), command: fc.boolean(), strict: fc.boolean(),
    submitKey: fc.constantFrom("auto" as const, "enter" as const, "tab" as const), minKeyDelayMs: int32, retries: int32, mode: fc.constantFrom(...typingMode.words), captureBeforeLines: int32,
  }),
});

describe("what is written to the wire reads the same", () => {
  it("deliveries", () => {
    fc.assert(fc.property(delivery, (value) => {
      expect(deliveryFromWire(wire.Delivery.decode(wire.Delivery.encode(deliveryToWire(value)).finish()))).toEqual(value);
    }));
  });

  it("steps", () => {
    fc.assert(fc.property(update, (value) => {
      expect(updateFromWire(wire.DeliveryUpdate.decode(wire.DeliveryUpdate.encode(updateToWire(value)).finish()))).toEqual(value);
    }));
  });
});

it.each([
  ["DeliveryStatus", wire.DeliveryStatus, deliveryStatus], ["DeliveryStep", wire.DeliveryStep, deliveryStep], ["EvidenceSource", wire.EvidenceSource, evidenceSource],
  ["OnBusy", wire.OnBusy, onBusy], ["OnDraft", wire.OnDraft, onDraft], ["WaitFor", wire.WaitFor, waitFor], ["AgentState", wire.AgentState, agentState],
  ["ComposerState", wire.ComposerState, composerState], ["TargetKind", wire.TargetKind, targetKind], ["Severity", wire.Severity, severity],
] as const)("%s: each value has a word and each word its value", (_name, values, codec) => {
  const numbered = Object.values(values as Record<string, string>).filter((value) => !value.endsWith("_UNSPECIFIED") && value !== "UNRECOGNIZED");
  const { words, toWire, fromWire } = codec as { words: readonly string[]; toWire(word: string): string; fromWire(value: string): string };
  expect(words.map((word) => toWire(word))).toEqual(numbered);
  expect(words.map((word) => fromWire(toWire(word)))).toEqual(words);
});

it("the words for a status are those of the contract", () => {
  expect([...deliveryStatuses].toSorted()).toEqual([...deliveryStatus.words].toSorted());
});

it("unset options take the defaults that the contract names", () => {
  expect(deliveryOptionsFromWire(undefined)).toEqual({ onBusy: "refuse", onDraft: "wait", waitFor: "delivered", timeoutMs: 60_000, dryRun: false, noSubmit: false, command: false, strict: false, submitKey: "auto", minKeyDelayMs: 0, retries: 6, mode: "paste", captureBeforeLines: 0 });
  expect(deliveryOptionsFromWire(wire.DeliveryOptions.fromPartial({ onBusy: wire.OnBusy.WHEN_IDLE })).timeoutMs).toBe(24 * 60 * 60 * 1000);
});
