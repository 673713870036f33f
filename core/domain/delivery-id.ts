import { randomBytes } from "node:crypto";

/** 12 hex digits. */
export function newDeliveryId(): string {
  return randomBytes(6).toString("hex");
}
