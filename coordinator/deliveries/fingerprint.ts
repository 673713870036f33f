import { createHash } from "node:crypto";
import type { DeliveryOptions } from "../../core/domain/delivery.js";
import type { TargetAddress } from "../../core/domain/target.js";

/**
 * Two requests with one key are the same request when these are equal. How long and how far a caller waits, and what
 * it wants done about a draft or a running turn, may differ.
 */
export function fingerprintOf(address: TargetAddress, promptSha256: string, options: DeliveryOptions): string {
  const same = [address.machine, address.server, address.pane, promptSha256, options.noSubmit, options.command];
  return createHash("sha256").update(JSON.stringify(same)).digest("hex");
}
