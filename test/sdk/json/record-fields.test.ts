import { describe, expect, it } from "vitest";
import { deliveryOptions } from "../../../core/domain/delivery-options.js";
import type { Delivery, DeliveryStep } from "../../../core/domain/delivery.js";
import { newDelivery } from "../../../core/domain/new-delivery.js";
import { bulkCounts, isBulkComplete } from "../../../sdk/json/bulk-json.js";
import { deliveryJson } from "../../../sdk/json/delivery-json.js";

const at = new Date("2026-11-24T09:00:00Z");

function delivery(change: Partial<Delivery>, steps: readonly DeliveryStep[] = []): Delivery {
  const blank = newDelivery({ id: "abc", key: "abc", machine: "here", requestedTarget: "work:0", kind: "prompt", text: "run the tests", now: at, options: deliveryOptions({ captureBeforeLines: 5, minKeyDelayMs: 40 }) });
  return { ...blank, ...change, steps: steps.map((step, index) => ({ deliveryId: "abc", sequence: index + 1, step, at: new Date(at.getTime() + index), detail: "", reason: "" })) };
}

describe("the predecessor's fields of a record", () => {
  it("a prompt that was delivered", () => {
    const json = deliveryJson(delivery({ status: "delivered", presses: 1, detail: "It is there.", capturedBefore: "one\ntwo" }, ["accepted", "submitted", "delivered", "working"]));
    expect(json).toMatchObject({
      kind: "prompt", target: "work:0", machine: "here", status: "delivered", dryRun: false, submitDelayMs: 40, targetKind: null, targetState: null,
      confirm: { delivered: true, reason: "It is there.", queued: false, workingDetected: true, actionNeeded: false, authSwitchDetected: false },
      captureBefore: { status: "captured", target: "work:0", machine: "here", requestedLines: 5, lines: 2, maxLines: 2000, redacted: true, text: "one\ntwo" },
      createdAt: at, updatedAt: at, deliveredAt: new Date(at.getTime() + 2),
    });
    expect(json["prompt"]).toMatch(/^<prompt sha256:[0-9a-f]{16}>$/u);
    expect(JSON.stringify(json)).not.toContain("run the tests");
  });

  it("one that is queued is not told as delivered", () => {
    expect(deliveryJson(delivery({ status: "queued", presses: 1, reason: "action_needed" }, ["accepted", "submitted", "queued"]))).toMatchObject({
      confirm: { delivered: false, queued: true, actionNeeded: true, authSwitchDetected: true }, deliveredAt: null,
    });
  });

  it("one that was not typed has nothing to confirm", () => {
    expect(deliveryJson(delivery({ status: "refused", reason: "agent_busy" }, ["refused"]))).toMatchObject({ confirm: null, captureBefore: null, deliveredAt: null });
  });

  it("commands and keys are told by their marks", () => {
    expect(deliveryJson(delivery({ kind: "key", keyName: "Escape", status: "delivered", presses: 1 }, ["submitted"]))).toMatchObject({ prompt: "<key:Escape>", confirm: null, deliveredAt: at });
    const exec = { commandHash: "0123456789abcdef", allowed: true, code: "allowed_builtin", rule: "ls", sentence: "", interrupt: false, pasteText: "", output: "" };
    expect(deliveryJson(delivery({ kind: "exec", exec, status: "delivered", presses: 1 }, ["submitted", "delivered"]))).toMatchObject({ prompt: "<exec-command sha256:0123456789abcdef>", commandHash: "0123456789abcdef", dryRun: false });
  });
});

describe("the numbers of a bulk", () => {
  it("add up, and call nothing delivered that is not", () => {
    const all = (["delivered", "queued", "typed", "dry_run", "refused", "cancelled", "expired", "unconfirmed", "withdrawn", "failed"] as const).map((status) => delivery({ status }));
    expect(bulkCounts(all)).toEqual({ delivered: 1, queued: 1, typed: 1, skipped: 4, failed: 3 });
  });

  it("a dry run is complete where nothing went wrong, another where everybody has it", () => {
    const bulk = (...statuses: Delivery["status"][]): Parameters<typeof isBulkComplete>[0] => ({ targets: [], deliveries: statuses.map((status) => delivery({ status })) });
    expect([isBulkComplete(bulk("dry_run", "refused"), true), isBulkComplete(bulk("delivered", "queued", "typed"), false), isBulkComplete(bulk("delivered", "refused"), false), isBulkComplete(bulk(), false)]).toEqual([true, true, false, false]);
  });
});
