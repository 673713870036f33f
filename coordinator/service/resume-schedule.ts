import { DispatchError } from "../../core/errors/dispatch-error.js";
import { placeFrom } from "../../core/schedule/new-schedule.js";
import { over } from "../../core/schedule/conclude-run.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleToWire } from "../../core/wire/schedule.js";
import type { ResumeScheduleRequest, ResumeScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import { withNextSlots } from "../scheduler/with-next-slots.js";

/** A loop goes on one interval from now, a cron schedule at its next time, a one-shot at its time, or now where that is past. */
export const resumeSchedule = ({ schedules, scheduler, clock }: Coordinator): UnaryHandler<ResumeScheduleRequest, ResumeScheduleResponse> =>
  async ({ id }) => {
    const now = clock.now();
    const resumed = schedules.change(id, (schedule, open) => {
      if (schedule.status !== "paused") {
        throw new DispatchError("schedule_not_open", `The schedule is ${schedule.status}; only a paused one can be resumed.`, { metadata: { field: "id", value: id, status: schedule.status } });
      }
      const place = schedule.nextSlot ? placeFrom(schedule.id, schedule.spec, now) : {};
      const next = { ...schedule, ...place, status: "scheduled" as const, detail: "", consecutiveFailures: 0, updatedAt: now };
      return { schedule: next.nextSlot || open.length > 0 ? next : over(next, next.lastFailureReason === ""), waiting: { do: "release", dueAt: now } };
    });
    scheduler.tick();
    return { schedule: scheduleToWire(withNextSlots(resumed, now)) };
  };
