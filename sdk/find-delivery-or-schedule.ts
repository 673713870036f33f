import type { Delivery } from "../core/domain/delivery.js";
import type { Schedule } from "../core/domain/schedule.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import type { DispatchClient } from "./dispatch-client.js";

/** What an id, key or name stands for: a delivery, else a schedule, else `delivery_not_found` that says so. */
export async function findDeliveryOrSchedule(client: DispatchClient, id: string): Promise<{ delivery: Delivery } | { schedule: Schedule }> {
  try {
    return { delivery: await client.get(id) };
  } catch (error) {
    if (!(error instanceof DispatchError) || error.reason !== "delivery_not_found") throw error;
    try {
      return { schedule: await client.schedules.get(id) };
    } catch (inner) {
      if (!(inner instanceof DispatchError) || inner.reason !== "schedule_not_found") throw inner;
      throw new DispatchError("delivery_not_found", `No delivery and no schedule is known as "${id}".`, { metadata: { field: "id", value: id } });
    }
  }
}
