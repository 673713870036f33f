import { createHash } from "node:crypto";
import type { Delivery, DeliveryKind, DeliveryOptions } from "./delivery.js";

export interface NewDelivery {
  readonly id: string;
  readonly key: string;
  readonly machine: string;
  /** The address as the caller wrote it. */
  readonly requestedTarget: string;
  readonly kind: DeliveryKind;
  /** Empty for a key. */
  readonly text: string;
  readonly options: DeliveryOptions;
  readonly now: Date;
}

/** A delivery of which nothing is known yet but that it was asked for. */
export function newDelivery({ id, key, machine, requestedTarget, kind, text, options, now }: NewDelivery): Delivery {
  return {
    id, key, machine, requestedTarget, kind, options,
    status: "pending", reason: "", detail: "", steps: [], createdAt: now, updatedAt: now,
    promptBytes: Buffer.byteLength(text), promptSha256: createHash("sha256").update(text).digest("hex"),
    answer: "", presses: 0, keyName: "", capturedBefore: "",
  };
}
