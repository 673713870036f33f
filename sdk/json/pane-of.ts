import type { Delivery } from "../../core/domain/delivery.js";

/** The pane of a delivery, as it was found or else asked for, without its machine, which stands beside it. */
export function paneOf({ target, requestedTarget, machine }: Pick<Delivery, "target" | "requestedTarget" | "machine">): string {
  return target?.target ?? (requestedTarget.startsWith(`${machine}/`) ? requestedTarget.slice(machine.length + 1) : requestedTarget);
}
