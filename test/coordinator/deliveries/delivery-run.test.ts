import { expect, it } from "vitest";
import { DeliveryRun } from "../../../coordinator/deliveries/delivery-run.js";
import type { NodeClient } from "../../../coordinator/nodes/node-client.js";
import type { StoredDelivery } from "../../../coordinator/store/delivery-store.js";
import { systemClock } from "../../../core/clock.js";
import type { DeliveryUpdate } from "../../../core/domain/delivery.js";
import { deliveryOptions } from "../../../core/domain/delivery-options.js";
import { newDelivery } from "../../../core/domain/new-delivery.js";
import { DispatchError } from "../../../core/errors/dispatch-error.js";

/** A delivery that was handed over by an earlier life, and a node that answers its look-ups as told. */
function world(answers: readonly ("broken" | "unknown" | "known")[], timeoutMs = 60_000) {
  const options = { ...deliveryOptions({}), timeoutMs };
  const delivery = newDelivery({ id: "0123456789ab", key: "k", machine: "m", requestedTarget: "w:0", kind: "prompt", text: "hello", options, now: systemClock.now() });
  const stored: StoredDelivery = { delivery, address: { machine: "m", server: "", pane: "w:0" }, prompt: "hello", fingerprint: "f" };
  const [asked, told, calls]: [string[], DeliveryUpdate[], string[]] = [[...answers], [], []];
  const delivered = (): AsyncIterable<DeliveryUpdate> => (async function* () {
    yield { deliveryId: delivery.id, sequence: 1, step: "delivered" as const, at: systemClock.now(), detail: "", reason: "" };
  })();
  const node = {
    ready: () => Promise.resolve(),
    getDelivery: () => {
      calls.push("look");
      const answer = asked.shift() ?? "broken";
      if (answer === "known") return Promise.resolve(delivery);
      return Promise.reject(new DispatchError(answer === "broken" ? "node_unreachable" : "delivery_not_found"));
    },
    follow: () => (calls.push("follow"), delivered()),
    deliver: () => (calls.push("deliver"), delivered()),
  } as unknown as NodeClient;
  // A pause takes no time here.
  const clock = { ...systemClock, now: () => systemClock.now(), after: (_ms: number, act: () => void) => systemClock.after(0, act) };
  let row = stored;
  const parts = {
    node, clock, signal: new AbortController().signal, current: () => row,
    record: (update: DeliveryUpdate) => {
      told.push(update);
      row = { ...row, delivery: { ...row.delivery, status: update.step === "delivered" ? "delivered" : row.delivery.status, steps: [...row.delivery.steps, update] } };
    },
  };
  return { run: new DeliveryRun(parts, { sent: true }), told, calls };
}

it("a connection that breaks while the journal is asked says nothing about the delivery", async () => {
  const { run, told, calls } = world(["broken", "broken", "known"]);
  await run.toEnd();
  expect(told.map(({ step }) => step)).toEqual(["delivered"]);
  expect(calls).toEqual(["look", "look", "look", "follow"]);
});

it("what the journal never had is handed over, once", async () => {
  const { run, calls } = world(["broken", "unknown", "known"]);
  await run.toEnd();
  expect(calls).toEqual(["look", "look", "deliver"]);
});

it("a node that never answers again leaves it unconfirmed, once its own time is over", async () => {
  const { run, told } = world([], -10_000);
  await run.toEnd();
  expect(told).toMatchObject([{ step: "unconfirmed", reason: "node_unreachable" }]);
});
