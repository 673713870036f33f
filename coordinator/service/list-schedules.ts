import { checkedListLimit } from "../../core/domain/list-limit.js";
import { scheduleKinds } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleStatusFilterFromWire, scheduleToWire } from "../../core/wire/schedule.js";
import type { ListSchedulesRequest, ListSchedulesResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";

const defaultLimit = 200;

export const listSchedules = ({ schedules }: Coordinator): UnaryHandler<ListSchedulesRequest, ListSchedulesResponse> =>
  async ({ status, kind, limit }) => {
    const asked = scheduleKinds.find((known) => known === kind);
    if (kind !== "" && !asked) throw new DispatchError("invalid_argument", `kind: "${kind}" is none of ${scheduleKinds.join(", ")}.`, { metadata: { field: "kind", value: kind } });
    const found = schedules.list({ status: scheduleStatusFilterFromWire(status), kind: asked, limit: checkedListLimit(limit || defaultLimit) });
    return { schedules: found.map(scheduleToWire) };
  };
