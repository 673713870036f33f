import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleToWire } from "../../core/wire/schedule.js";
import type { GetScheduleRequest, GetScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import { withNextSlots } from "../scheduler/with-next-slots.js";

export const getSchedule = ({ schedules, clock }: Coordinator): UnaryHandler<GetScheduleRequest, GetScheduleResponse> =>
  async ({ id }) => {
    const found = schedules.find(id);
    if (!found) throw new DispatchError("schedule_not_found", undefined, { metadata: { field: "id", value: id } });
    return { schedule: scheduleToWire(withNextSlots(found, clock.now())) };
  };
