import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { DeliveryFeed } from "../../../coordinator/deliveries/delivery-feed.js";
import { DeliveryRunner } from "../../../coordinator/deliveries/delivery-runner.js";
import { FairSlots } from "../../../coordinator/fanout/fair-slots.js";
import type { NodeClient } from "../../../coordinator/nodes/node-client.js";
import { SqliteDeliveryStore } from "../../../coordinator/store/sqlite-delivery-store.js";
import { systemClock } from "../../../core/clock.js";
import type { Delivery, DeliveryUpdate } from "../../../core/domain/delivery.js";
import { deliveryOptions } from "../../../core/domain/delivery-options.js";
import { newDelivery } from "../../../core/domain/new-delivery.js";
import { DispatchError } from "../../../core/errors/dispatch-error.js";
import { silentLog } from "../../../core/log.js";
import { localDirectory } from "../local-directory.js";

it("two who ask at once for one that was left unconfirmed, and still runs in its node, do not set each other back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-runner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = new SqliteDeliveryStore(join(folder, "coordinator.db"));
  const step = (sequence: number, name: DeliveryUpdate["step"]): DeliveryUpdate => ({ deliveryId: "0123456789ab", sequence, step: name, at: systemClock.now(), detail: "", reason: "" });
  const asked = newDelivery({ id: "0123456789ab", key: "k", machine: "m", requestedTarget: "w:0", kind: "prompt", text: "hello", options: deliveryOptions({}), now: systemClock.now() });
  const stored = { delivery: { ...asked, status: "unconfirmed" as const }, address: { machine: "m", server: "", pane: "w:0" }, prompt: undefined, fingerprint: "f" };
  await store.claim(stored);
  const inNode: Delivery = { ...asked, steps: [step(1, "accepted")] };
  const answers: (() => void)[] = [];
  const node = {
    machine: "m", address: "unix:/nowhere", aliases: [], ready: () => Promise.resolve(), close: () => undefined,
    getDelivery: () => new Promise<Delivery>((resolve) => void answers.push(() => resolve(inNode))),
    async *follow(_key: string, { signal }: { signal: AbortSignal }) {
      yield step(2, "waiting");
      await once(signal, "abort");
    },
  } as unknown as NodeClient;
  const runner = new DeliveryRunner({ store, feed: new DeliveryFeed(store), nodes: localDirectory(node), slots: new FairSlots({ total: 1, perMachine: 1 }), clock: systemClock, log: silentLog });
  onTestFinished(async () => {
    await runner.close();
    store.close();
  });
  const steps = (): string[] | undefined => store.find("k")?.delivery.steps.map((one) => one.step);
  const [first, second] = [runner.settled(stored), runner.settled(stored)];
  answers[0]!();
  await first;
  // The run that the first began asks as well.
  await vi.waitFor(() => expect(answers).toHaveLength(3));
  answers[2]!();
  await vi.waitFor(() => expect(steps()).toEqual(["accepted", "waiting"]));
  answers[1]!();
  expect((await second).steps).toHaveLength(2);
  expect(steps()).toEqual(["accepted", "waiting"]);
});

it("a delivery whose steps cannot be stored for a while (a full disk) is taken up again, and handed over once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-runner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = new SqliteDeliveryStore(join(folder, "coordinator.db"));
  const delivery = newDelivery({ id: "0123456789ab", key: "k", machine: "m", requestedTarget: "w:0", kind: "prompt", text: "hello", options: deliveryOptions({}), now: systemClock.now() });
  const steps = (["accepted", "typed", "delivered"] as const).map((step, index): DeliveryUpdate => ({ deliveryId: delivery.id, sequence: index + 1, step, at: systemClock.now(), detail: "", reason: "" }));
  const last = { ...steps[2]!, delivery: { ...delivery, status: "delivered" as const, steps } };
  let handedOver = 0;
  const node = {
    machine: "m", address: "unix:/nowhere", aliases: [], ready: () => Promise.resolve(), close: () => undefined,
    getDelivery: () => (handedOver > 0 ? Promise.resolve(delivery) : Promise.reject(new DispatchError("delivery_not_found"))),
    async *deliver() {
      handedOver++;
      yield* [...steps.slice(0, 2), last];
    },
    async *follow() {
      yield* [...steps.slice(0, 2), last];
    },
  } as unknown as NodeClient;
  const runner = new DeliveryRunner({ store, feed: new DeliveryFeed(store), nodes: localDirectory(node), slots: new FairSlots({ total: 1, perMachine: 1 }), clock: systemClock, log: silentLog });
  onTestFinished(async () => {
    await runner.close();
    store.close();
  });
  const record = store.record.bind(store);
  const until = performance.now() + 500;
  vi.spyOn(store, "record").mockImplementation((update, now) => {
    if (update.sequence > 1 && performance.now() < until) throw new DispatchError("state_unwritable");
    record(update, now);
  });
  const stored = { delivery, address: { machine: "m", server: "", pane: "w:0" }, prompt: "hello", fingerprint: "f" };
  await store.claim(stored);
  runner.start(stored, "somebody");
  await vi.waitFor(() => expect(store.find("k")?.delivery.status).toBe("delivered"), { timeout: 10_000 });
  expect(store.find("k")?.delivery.steps.map(({ step }) => step)).toEqual(["accepted", "typed", "delivered"]);
  expect(handedOver).toBe(1);
});
