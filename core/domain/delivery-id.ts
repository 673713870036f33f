import { randomBytes } from "node:crypto";
import { DispatchError } from "../errors/dispatch-error.js";

/** 12 hex digits. */
export function newDeliveryId(): string {
  return randomBytes(6).toString("hex");
}

/** The id that a caller gave a delivery, or a new one where it gave none: 1 to 64 letters, digits, hyphens or underscores. */
export function givenDeliveryId(id: string): string {
  if (id === "") return newDeliveryId();
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  throw new DispatchError("invalid_argument", "delivery_id: an id is 1 to 64 letters, digits, hyphens or underscores.", { metadata: { field: "delivery_id" } });
}

/** The idempotency key that a caller gave, or a new one. An empty one, such as that of a variable that is not set, would protect nothing. */
export function givenKey(key: string | undefined): string {
  if (key === undefined) return newDeliveryId();
  if (key !== "") return key;
  throw new DispatchError("invalid_argument", "key: it is empty, and would not keep the prompt from going twice; give one, or leave it out. Nothing was typed.", { metadata: { field: "key" } });
}

const maxKey = 512;

/** The idempotency key as it came over the wire, or empty. It is kept with its delivery: as long as anything that tells two apart, and no longer. */
export function boundedKey(key: string): string {
  if (key.length <= maxKey) return key;
  throw new DispatchError("invalid_argument", `key: a key is at most ${maxKey} characters long.`, { metadata: { field: "key" } });
}
