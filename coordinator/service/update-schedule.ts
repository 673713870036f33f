import { promptPreview, type ScheduleSpec } from "../../core/domain/schedule.js";
import { validatePrompt } from "../../core/domain/validate-prompt.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { placeFrom } from "../../core/schedule/new-schedule.js";
import { validateSpec } from "../../core/schedule/validate-spec.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleSpecFromWire, scheduleToWire } from "../../core/wire/schedule.js";
import type { UpdateScheduleRequest, UpdateScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import { withNextSlots } from "../scheduler/with-next-slots.js";

const wireNames = {
  name: ["name"], targets: ["targets", "select", "sessions"], limits: ["limits"], prompt: ["prompt"], options: ["options"], timing: ["timing"], time_zone: ["timeZone"], jitter: ["jitterMs"],
  start: ["start"], end: ["end"], max_runs: ["maxRuns"], policy: ["policy"],
} as const satisfies Record<string, readonly (keyof ScheduleSpec)[]>;
type Field = keyof typeof wireNames;

/** What decides when slots are: where one of these changes, the next slot is reckoned anew. */
const moving: ReadonlySet<Field> = new Set(["timing", "time_zone", "jitter", "start", "end"]);

export const updateSchedule = (coordinator: Coordinator): UnaryHandler<UpdateScheduleRequest, UpdateScheduleResponse> =>
  async ({ id, spec: wire, fields, catchUp }, { principal }) => {
    const { schedules, scheduler, clock } = coordinator;
    const asked = scheduleSpecFromWire(wire);
    const named = fields.map(checkedField);
    const now = clock.now();
    const changed = schedules.change(id, (schedule) => {
      if (schedule.status !== "scheduled" && schedule.status !== "paused") {
        throw new DispatchError("schedule_not_open", `The schedule is ${schedule.status}; only a scheduled or paused one can be changed.`, { metadata: { field: "id", value: id, status: schedule.status } });
      }
      const taken = Object.fromEntries(named.flatMap((field) => wireNames[field]).map((key) => [key, asked[key]]));
      const moved = named.some((field) => moving.has(field));
      const spec = validateSpec({ ...schedule.spec, ...taken }, now, { catchUp: catchUp || !named.includes("timing") });
      if ((moved || named.includes("max_runs")) && spec.maxRuns > 0 && schedule.runs >= spec.maxRuns) {
        throw new DispatchError("invalid_argument", `--max-runs: it has run ${schedule.runs} times already; name more, or 0 for no limit.`, { metadata: { field: "--max-runs" } });
      }
      validatePrompt(spec.prompt, coordinator.maxPromptBytes);
      // What somebody has changed is sent for them from now on: nobody puts words into the mouth of one who may do more.
      const { principal: _, ...rest } = schedule;
      const next = { ...rest, ...(principal.kind !== "owner" && { principal }), spec, promptPreview: promptPreview(spec.prompt), updatedAt: now, ...(moved && placeFrom(schedule.id, spec, now)) };
      return { schedule: next, waiting: moved ? { do: "pass", reason: "edited" } : named.includes("targets") ? { do: "retarget" } : undefined };
    });
    scheduler.tick();
    return { schedule: scheduleToWire(withNextSlots(changed, now)) };
  };

function checkedField(field: string): Field {
  if (Object.hasOwn(wireNames, field)) return field as Field;
  throw new DispatchError("invalid_argument", `fields: "${field}" is none of ${Object.keys(wireNames).join(", ")}.`, { metadata: { field: "fields", value: field } });
}
