import { deliveriesOf, type Occurrence } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleToWire } from "../../core/wire/schedule.js";
import type { CancelScheduleRequest, CancelScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import { stopUntyped } from "../deliveries/stop-untyped.js";

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
    scheduler.stop(cancelled.id);
    scheduler.tick();
    await stopUntyped(coordinator, deliveriesOf(open), call);
    return { schedule: scheduleToWire(cancelled) };
  };
