import type { Delivery } from "../../core/domain/delivery.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { stepLine, verdict } from "./delivery-text.js";

/** All that is known of a delivery, for people or for programs. */
export function deliveryReport(delivery: Delivery, { json }: { json: boolean }): string {
  if (json) return `${JSON.stringify(deliveryJson(delivery), null, 2)}\n`;
  const { steps } = delivery;
  return steps.map((step) => `${stepLine(step, steps[0]?.at ?? step.at)}\n`).join("") + verdict(delivery);
}
