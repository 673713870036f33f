import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeliveryUpdate } from "../../../core/domain/delivery.js";
import { deliveryOptions } from "../../../core/domain/delivery-options.js";
import { newDelivery } from "../../../core/domain/new-delivery.js";
import { Journal } from "../../../node-agent/store/journal.js";
import type { Phase } from "../../../node-agent/store/journal-entry.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = new Date("2026-03-01T09:00:00Z");

function claim(journal: Journal, id: string): void {
  const delivery = newDelivery({ id, key: id, machine: "here", requestedTarget: "work:0.0", kind: "prompt", text: "run the tests", options: deliveryOptions(), now: at });
  journal.claim({ delivery, address: { machine: "", server: "", pane: "work:0.0" }, bodySha256: "0", prompt: "run the tests", deadlineAt: at });
}

const change = fc.record({
  phase: fc.constantFrom<Phase>("open", "typing", "pressing", "following"),
  status: fc.constantFrom("queued" as const, "delivered" as const, "unconfirmed" as const),
  reason: fc.string(), detail: fc.string(), presses: fc.nat(9), pasted: fc.string({ unit: "binary" }), answer: fc.string({ unit: "grapheme" }), capturedBefore: fc.string(),
  plan: fc.record({
    agentKind: fc.string(), agentPid: fc.nat(), agentStarted: fc.bigInt({ min: 0n, max: 2n ** 63n }), environment: fc.dictionary(fc.constantFrom("HOME", "PATH"), fc.string()),
    sessionId: fc.string(), baseline: fc.record({ takenAtMs: fc.nat(), offsets: fc.dictionary(fc.constantFrom("/a", "/b"), fc.nat()) }),
    previousMark: fc.string(), key: fc.string(), transformation: fc.array(fc.string()),
    process: fc.record({
      pid: fc.nat(), ppid: fc.nat(), started: fc.bigInt({ min: 0n, max: 2n ** 63n }), executable: fc.string(), argv: fc.array(fc.string()), cwd: fc.string(), processGroup: fc.nat(), foregroundGroup: fc.nat(),
    }),
  }),
}, { requiredKeys: [] });

const step = fc.record({ step: fc.constantFrom("accepted" as const, "typed" as const, "waiting" as const), detail: fc.string(), reason: fc.string(), at: fc.date({ noInvalidDate: true }) });

test("an entry that is under way is what the database holds, whatever was written", () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.option(step, { nil: undefined }), change, fc.boolean()), { maxLength: 8 }), (writes) => {
    const path = join(mkdtempSync(join(dir, "run-")), "journal.db");
    const journal = new Journal(path, "here");
    claim(journal, "000000000001");
    let sequence = 0;
    for (const [told, changed, durable] of writes) {
      const update: DeliveryUpdate | undefined = told && { deliveryId: "000000000001", sequence: ++sequence, ...told };
      journal.record("000000000001", update, changed, at, durable);
    }
    const live = journal.find("000000000001");
    journal.close();
    const again = new Journal(path, "here");
    expect(live).toEqual(again.find("000000000001"));
    again.close();
  }), { numRuns: 60 });
});

test("what has ended keeps no text, and can be written on when its proof comes late", () => {
  const journal = new Journal(join(dir, "journal.db"), "here");
  claim(journal, "000000000001");
  journal.record("000000000001", undefined, { phase: "typing", pasted: "run the tests" }, at, true);
  journal.record("000000000001", undefined, { phase: "ended", status: "unconfirmed" }, at, true);
  expect(journal.find("000000000001")).toMatchObject({ phase: "ended", prompt: "run the tests", pasted: "run the tests" });
  journal.record("000000000001", undefined, { phase: "ended", status: "delivered" }, at, true);
  expect(journal.find("000000000001")).toMatchObject({ prompt: undefined, pasted: undefined, delivery: { status: "delivered" } });
  journal.close();
});

test("what cannot be written is not remembered either", () => {
  const journal = new Journal(join(dir, "journal.db"), "here");
  claim(journal, "000000000001");
  const update: DeliveryUpdate = { deliveryId: "000000000001", sequence: 1, step: "accepted", detail: "", reason: "", at };
  journal.record("000000000001", update, {}, at, false);
  expect(() => journal.record("000000000001", update, { status: "delivered" }, at, false)).toThrow("UNIQUE");
  expect(journal.find("000000000001")?.delivery).toMatchObject({ status: "pending", steps: [{ step: "accepted" }] });
  journal.close();
});
