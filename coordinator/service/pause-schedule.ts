import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleToWire } from "../../core/wire/schedule.js";
import type { PauseScheduleRequest, PauseScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";

/** What is under way goes on. A one-shot that waits for its next try keeps it; what else waits is left out. */
export const pauseSchedule = ({ schedules, scheduler, clock }: Coordinator): UnaryHandler<PauseScheduleRequest, PauseScheduleResponse> =>
  async ({ id }) => {
    const paused = schedules.change(id, (schedule) => {
      if (schedule.status !== "scheduled") {
        throw new DispatchError("schedule_not_open", `The schedule is ${schedule.status}; only a scheduled one can be paused.`, { metadata: { field: "id", value: id, status: schedule.status } });
      }
      const waiting = schedule.spec.timing.type === "at" ? ({ do: "hold" } as const) : ({ do: "pass", reason: "paused" } as const);
      return { schedule: { ...schedule, status: "paused", detail: "", updatedAt: clock.now() }, waiting };
    });
    scheduler.tick();
    return { schedule: scheduleToWire(paused) };
  };
