import type { Delivery, DeliveryOptions, DeliveryUpdate } from "../../core/domain/delivery.js";
import { parse } from "../../core/store/json-codec.js";
import type { JournalEntry, Phase } from "./journal-entry.js";

/** A row of the table. */
export interface JournalRow {
  id: string; key: string; body_sha256: string; address: string; requested_target: string; prompt: string | null; pasted: string | null;
  prompt_bytes: number; prompt_sha256: string; options: string; phase: Phase; status: Delivery["status"]; reason: string; detail: string;
  plan: string | null; target: string | null; evidence: string | null; detection: string | null; answer: string; presses: number; captured_before: string;
  created_at: number; updated_at: number; deadline_at: number;
}

/** The entry of a row, with the bodies of its steps in their order. */
export function entryOf(row: JournalRow, steps: readonly string[], machine: string): JournalEntry {
  return {
    address: parse(row.address), bodySha256: row.body_sha256, prompt: row.prompt ?? undefined, pasted: row.pasted ?? undefined,
    phase: row.phase, plan: optional(row.plan), deadlineAt: new Date(row.deadline_at),
    delivery: {
      id: row.id, key: row.key, machine, target: optional(row.target), requestedTarget: row.requested_target,
      status: row.status, reason: row.reason, detail: row.detail, evidence: optional(row.evidence), detection: optional(row.detection),
      steps: steps.map((step) => parse<DeliveryUpdate>(step)), createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at),
      promptBytes: row.prompt_bytes, promptSha256: row.prompt_sha256, options: parse<DeliveryOptions>(row.options), answer: row.answer, presses: row.presses,
      kind: "prompt", keyName: "", capturedBefore: row.captured_before,
    },
  };
}

function optional<T>(text: string | null): T | undefined {
  return text === null ? undefined : parse<T>(text);
}
