import { onBusyWays, onDraftWays, waitLevels, type DeliveryOptions } from "../core/domain/delivery.js";
import { deliveryOptions } from "../core/domain/delivery-options.js";
import { DispatchError } from "../core/errors/dispatch-error.js";

const words: Partial<Record<keyof DeliveryOptions, readonly string[]>> = { onBusy: onBusyWays, onDraft: onDraftWays, waitFor: waitLevels, submitKey: ["auto", "enter", "tab"], mode: ["paste", "literal"] };
const numbers = ["timeoutMs", "minKeyDelayMs", "retries", "captureBeforeLines"] as const;
const flags = ["dryRun", "noSubmit", "command", "strict"] as const;

/** The options with their defaults. A caller without types may have written anything: a word that is not known must not become another one. */
export function checkedOptions(asked: Partial<DeliveryOptions>): DeliveryOptions {
  for (const [field, known] of Object.entries(words) as [keyof DeliveryOptions, readonly string[]][]) {
    const word: unknown = asked[field];
    if (word !== undefined && !known.includes(word as string)) throw wrong(field, `must be ${known.join(", ")}`);
  }
  for (const field of numbers) {
    const number: unknown = asked[field];
    if (number !== undefined && !(typeof number === "number" && Number.isFinite(number) && number >= 0)) throw wrong(field, "must be a number of at least 0");
  }
  for (const field of flags) if (asked[field] !== undefined && typeof asked[field] !== "boolean") throw wrong(field, "must be true or false");
  return deliveryOptions(asked);
}

export function checkedText(field: string, text: unknown): string {
  if (typeof text === "string") return text;
  throw wrong(field, "must be a text");
}

function wrong(field: string, why: string): DispatchError {
  return new DispatchError("invalid_argument", `${field}: ${why}.`, { metadata: { field } });
}
