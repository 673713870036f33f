import { expect, it } from "vitest";
import { deliveryStatuses, type DeliveryOptions, type DeliveryUpdate } from "../../../core/domain/delivery.js";
import { hasEnded, isEnough, isOver, statusOf } from "../../../core/domain/delivery-progress.js";

it("only pending and queued have no end yet", () => {
  expect(deliveryStatuses.filter((status) => !hasEnded(status))).toEqual(["pending", "queued"]);
});

it.each([
  ["accepted", "pending", true, false, false], ["queued", "queued", true, true, false], ["delivered", "delivered", true, true, false], ["working", "delivered", true, true, false],
  ["finished", "delivered", true, true, true], ["refused", "refused", true, true, true], ["unconfirmed", "unconfirmed", true, true, true], ["parked", "typed", true, true, true], ["waiting", "pending", true, false, false],
] as const)("at %s (%s): enough for accepted %s, delivered %s, finished %s", (step, status, accepted, delivered, finished) => {
  const enough = (["accepted", "delivered", "finished"] as const).map((waitFor) => isEnough({ waitFor, onBusy: "queue" }, step, status));
  expect(enough).toEqual([accepted, delivered, finished]);
});

it("a prompt that landed in a queue nobody asked for is waited for", () => {
  expect(isEnough({ waitFor: "delivered", onBusy: "refuse" }, "queued", "queued")).toBe(false);
});

it("steps that say nothing about the end leave the status as it was", () => {
  expect(statusOf("parked", "pending")).toBe("pending");
  expect(statusOf("delivered", "queued")).toBe("delivered");
  expect(statusOf("withdrawn", "queued")).toBe("withdrawn");
});

it("a delivered prompt whose turn is waited for is over with the turn, or with its time", () => {
  const at = (step: "delivered" | "finished", waitFor: "delivered" | "finished", reason = ""): boolean =>
    isOver({ status: "delivered", reason, options: { waitFor } as DeliveryOptions, steps: [{ step } as DeliveryUpdate] });
  expect([at("delivered", "delivered"), at("delivered", "finished"), at("finished", "finished"), at("delivered", "finished", "deadline_exceeded")]).toEqual([true, false, true, true]);
});
