import { checkedListLimit } from "../../core/domain/list-limit.js";
import type { Occurrence } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { outcomeOf } from "../../core/schedule/conclude-run.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { occurrenceStatusFilterFromWire, occurrenceToWire } from "../../core/wire/schedule.js";
import type { ListOccurrencesRequest, ListOccurrencesResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";

export const listScheduleOccurrences = (coordinator: Coordinator): UnaryHandler<ListOccurrencesRequest, ListOccurrencesResponse> =>
  async ({ id, status, limit }) => {
    const { schedules } = coordinator;
    const found = schedules.find(id);
    if (!found) throw new DispatchError("schedule_not_found", undefined, { metadata: { field: "id", value: id } });
    const listed = schedules.occurrences(found.id, { status: occurrenceStatusFilterFromWire(status), limit: checkedListLimit(limit) });
    return { occurrences: await Promise.all(listed.map(async (one) => occurrenceToWire(one.status === "unconfirmed" ? await settled(coordinator, one) : one))) };
  };

/** Proof may have come late: the node looks for it when it is asked. */
async function settled({ store, runner, schedules }: Coordinator, occurrence: Occurrence): Promise<Occurrence> {
  const targets = await Promise.all(occurrence.targets.map(async (target) => {
    const stored = target.status === "delivered" ? undefined : store.find(target.deliveryId);
    if (!stored) return target;
    const { status, reason, detail } = await runner.settled(stored);
    return { ...target, status, reason, detail };
  }));
  const { status, reason, detail } = outcomeOf(targets);
  if (status !== "delivered") return occurrence;
  const proven: Occurrence = { ...occurrence, targets, status, reason, detail };
  schedules.correct(proven);
  return proven;
}
