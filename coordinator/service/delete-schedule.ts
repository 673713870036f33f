import { DispatchError } from "../../core/errors/dispatch-error.js";
import { deliveriesOf, isOpen } from "../../core/domain/schedule.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { DeleteScheduleRequest, DeleteScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import { stopUntyped } from "../deliveries/stop-untyped.js";

const mostOpen = 1000;

/** Removes its rows and its prompt. Deliveries that were made are kept; what was not typed yet is cancelled. */
export const deleteSchedule = (coordinator: Coordinator): UnaryHandler<DeleteScheduleRequest, DeleteScheduleResponse> =>
  async ({ id }, call) => {
    const { schedules, scheduler } = coordinator;
    const found = schedules.find(id);
    if (!found) throw new DispatchError("schedule_not_found", undefined, { metadata: { field: "id", value: id } });
    const open = schedules.occurrences(found.id, { limit: mostOpen }).filter(isOpen);
    schedules.remove(found.id);
    scheduler.stop(found.id);
    scheduler.tick();
    await stopUntyped(coordinator, deliveriesOf(open), call);
    return {};
  };
