import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Delivery, DeliveryStatus, DeliveryUpdate } from "../../core/domain/delivery.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import type { DeliveryStore, StoredDelivery } from "../../coordinator/store/delivery-store.js";
import { SqliteDeliveryStore } from "../../coordinator/store/sqlite-delivery-store.js";

let path: string;
let store: DeliveryStore;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-store-"));
  path = join(folder, "coordinator.db");
  store = new SqliteDeliveryStore(path);
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
});

function stored(id: string, change: Partial<Delivery> = {}): StoredDelivery {
  const now = new Date(1_700_000_000_000 + Number.parseInt(id, 16));
  return {
    address: { machine: "here", server: "/s", pane: "%1" }, fingerprint: `f-${id}`, prompt: "the prompt",
    delivery: {
      id, key: `key-${id}`, machine: "here", requestedTarget: "%1", status: "pending", reason: "", detail: "", steps: [], createdAt: now, updatedAt: now,
      promptBytes: 10, promptSha256: "abc", answer: "", presses: 0, kind: "prompt", keyName: "", capturedBefore: "",
      options: deliveryOptions({ timeoutMs: 1 }),
      ...change,
    },
  };
}

const step = (id: string, sequence: number, name: DeliveryUpdate["step"]): DeliveryUpdate => ({ deliveryId: id, sequence, step: name, at: new Date(sequence), detail: name, reason: "" });

function record(id: string, sequence: number, name: DeliveryUpdate["step"], status: DeliveryStatus): void {
  const { delivery } = store.find(id)!;
  const update = step(id, sequence, name);
  store.record(update, { ...delivery, status, steps: [...delivery.steps, update] });
}

describe("the store of deliveries", () => {
  it("claims a key once, and gives back who holds it", async () => {
    const first = stored("a1");
    expect(await store.claim(first)).toBeUndefined();
    expect(await store.claim({ ...stored("b2"), delivery: { ...stored("b2").delivery, key: "key-a1" } })).toEqual(first);
    expect(store.find("b2")).toBeUndefined();
  });

  it("of claims that come in one turn the first is written at once, the others together: all or none; of two for one key the first has it", async () => {
    const [first, second] = [stored("a1"), { ...stored("b2"), delivery: { ...stored("b2").delivery, key: "key-a1" } }];
    expect(await Promise.all([store.claim(first), store.claim(second), store.claim(stored("c3"))])).toEqual([undefined, first, undefined]);
    expect(["a1", "b2", "c3"].map((id) => store.find(id)?.delivery.id)).toEqual(["a1", undefined, "c3"]);
    const late = [store.claim(stored("d4")), store.claim(stored("e5")), store.claim(stored("f6"))];
    store.close();
    expect((await Promise.allSettled(late)).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    store = new SqliteDeliveryStore(path);
    expect(store.counts()).toEqual({ pending: 3 });
  });

  it("finds by id and by key, all as it was put in", async () => {
    const one = stored("a1");
    await store.claim(one);
    expect(store.find("a1")).toEqual(one);
    expect(store.find("key-a1")).toEqual(one);
    expect(store.find("nope")).toBeUndefined();
  });

  it("keeps steps in order, and drops the prompt with the first", async () => {
    await store.claim(stored("a1"));
    record("a1", 1, "accepted", "pending");
    record("a1", 2, "delivered", "delivered");
    const { delivery, prompt } = store.find("a1")!;
    expect([prompt, delivery.status, delivery.steps]).toEqual([undefined, "delivered", [step("a1", 1, "accepted"), step("a1", 2, "delivered")]]);
  });

  it("takes over what a node says, steps included", async () => {
    await store.claim(stored("a1"));
    record("a1", 1, "unconfirmed", "unconfirmed");
    const told = { ...store.find("a1")!.delivery, status: "delivered" as const, steps: [step("a1", 1, "accepted"), step("a1", 2, "delivered")] };
    store.replace(told);
    expect(store.find("a1")!.delivery).toEqual(told);
  });

  it("lists newest first, by status where one is named, and counts", async () => {
    for (const id of ["01", "02", "03"]) await store.claim(stored(id));
    record("02", 1, "refused", "refused");
    const ids = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ id }) => id);
    expect(ids(store.list({ limit: 2 }))).toEqual(["03", "02"]);
    expect(ids(store.list({ status: "pending", limit: 10 }))).toEqual(["03", "01"]);
    expect(store.counts()).toEqual({ pending: 2, refused: 1 });
  });

  it("knows after a restart what has no end yet, oldest first", async () => {
    for (const id of ["01", "02", "03"]) await store.claim(stored(id));
    record("01", 1, "queued", "queued");
    record("02", 1, "delivered", "delivered");
    store.close();
    store = new SqliteDeliveryStore(path);
    expect(store.unfinished().map(({ delivery, prompt }) => [delivery.id, prompt])).toEqual([["01", undefined], ["03", "the prompt"]]);
  });

  it("is for its owner alone, its log files too", async () => {
    await store.claim(stored("a1"));
    for (const suffix of ["", "-wal", "-shm"]) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
  });
});
