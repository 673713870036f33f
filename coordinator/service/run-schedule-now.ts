import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { occurrenceToWire } from "../../core/wire/schedule.js";
import type { RunNowRequest, RunNowResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";

/** Shorter than what clients give a call. */
const waitMs = 20_000;

/** Beside its slots, whatever the overlap policy says. Named by a time of the caller's, so that the same call again joins the same run. */
export const runScheduleNow = ({ schedules, scheduler, clock }: Coordinator): UnaryHandler<RunNowRequest, RunNowResponse> =>
  async ({ id, slot, wait }, { signal }) => {
    const found = schedules.find(id);
    if (!found) throw new DispatchError("schedule_not_found", undefined, { metadata: { field: "id", value: id } });
    if (found.status === "cancelled") throw new DispatchError("schedule_not_open", "The schedule is cancelled; make a new one.", { metadata: { field: "id", value: id, status: found.status } });
    const added = schedules.addManual(found.id, slot ?? clock.now(), clock.now());
    scheduler.tick();
    if (wait) await scheduler.restOf(added, { forMs: waitMs, signal });
    return { occurrence: occurrenceToWire(schedules.occurrence(added.scheduleId, added.slot) ?? added) };
  };
