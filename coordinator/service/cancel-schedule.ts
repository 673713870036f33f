import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Occurrence } from "../../core/domain/schedule.js";
import type { CallContext, UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleToWire } from "../../core/wire/schedule.js";
import type { CancelScheduleRequest, CancelScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import { cancelInNode } from "../deliveries/cancel-in-node.js";

/** Its row and its occurrences are kept. What was not typed yet is cancelled too; what was typed goes on to its proof. */
export const cancelSchedule = (coordinator: Coordinator): UnaryHandler<CancelScheduleRequest, CancelScheduleResponse> =>
  async ({ id }, call) => {
    const { schedules, scheduler, clock } = coordinator;
    let open: readonly Occurrence[] = [];
    const cancelled = schedules.change(id, (schedule, openOnes) => {
      if (schedule.status !== "scheduled" && schedule.status !== "paused") {
        throw new DispatchError("schedule_not_open", `The schedule is ${schedule.status}; it has nothing left to cancel.`, { metadata: { field: "id", value: id, status: schedule.status } });
      }
      open = openOnes;
      return {
        schedule: { ...schedule, status: "cancelled", detail: "", nextSlot: undefined, nextDue: undefined, updatedAt: clock.now() },
        waiting: { do: "pass", reason: "cancelled" },
      };
    });
    scheduler.tick();
    await stopUntyped(coordinator, open, call);
    return { schedule: scheduleToWire(cancelled) };
  };

/** Deliveries under way whose key was not pressed yet. A node that does not answer, or is too late, keeps its own. */
export async function stopUntyped(coordinator: Coordinator, open: readonly Occurrence[], call: CallContext): Promise<void> {
  const ids = open.flatMap(({ targets }) => targets.map(({ deliveryId }) => deliveryId)).filter((id) => id !== "");
  const running = ids.map((id) => coordinator.store.find(id)).filter((stored) => stored !== undefined).filter(({ delivery }) => delivery.status === "pending");
  await Promise.allSettled(running.map((stored) => cancelInNode(coordinator, stored, call)));
}
