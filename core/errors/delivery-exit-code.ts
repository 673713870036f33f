import type { Delivery } from "../domain/delivery.js";
import { exitCodes, reasons, type Reason } from "./reasons.js";

/** Exit code of the CLI for what became of a delivery. A refusal or failure takes the code of its reason. */
export function deliveryExitCode(delivery: Pick<Delivery, "status" | "reason" | "options">): number {
  switch (delivery.status) {
    // Held until somebody does something in the pane: nobody can count on it.
    case "queued": return delivery.reason === "action_needed" ? exitCodes.unconfirmed : exitCodes.success;
    case "delivered": case "dry_run": case "typed": return exitCodes.success;
    // Accepted is all that such a caller waits for; for any other the wait ended without an end.
    case "pending": return delivery.options.waitFor === "accepted" ? exitCodes.success : exitCodes.unconfirmed;
    case "unconfirmed": return exitCodes.unconfirmed;
    case "withdrawn": return exitCodes.withdrawn;
    case "cancelled": return exitCodes.cancelled;
    case "expired": return exitCodes.expired;
    case "refused": return exitCodeOf(delivery.reason) ?? exitCodes.refused;
    case "failed": return exitCodeOf(delivery.reason) ?? exitCodes.failed;
  }
}

function exitCodeOf(reason: string): number | undefined {
  return Object.hasOwn(reasons, reason) ? reasons[reason as Reason].exitCode : undefined;
}
