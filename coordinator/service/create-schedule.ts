import { newDeliveryId } from "../../core/domain/delivery-id.js";
import type { ScheduleSpec } from "../../core/domain/schedule.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { validatePrompt } from "../../core/domain/validate-prompt.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Reason } from "../../core/errors/reasons.js";
import { newSchedule } from "../../core/schedule/new-schedule.js";
import { validateSpec } from "../../core/schedule/validate-spec.js";
import type { CallContext, UnaryHandler } from "../../core/transport/handlers.js";
import { scheduleSpecFromWire, scheduleToWire } from "../../core/wire/schedule.js";
import type { CreateScheduleRequest, CreateScheduleResponse } from "../../proto/gen/dispatch/v1/schedule.js";
import type { Coordinator } from "../coordinator.js";
import type { NodeCall } from "../nodes/node-client.js";
import { withNextSlots } from "../scheduler/with-next-slots.js";

const askMs = 2_000;
const idPattern = /^[0-9a-f]{12}$/u;

/** The same id again gives back the schedule that it made: a caller that had no answer may ask again. */
export const createSchedule = (coordinator: Coordinator): UnaryHandler<CreateScheduleRequest, CreateScheduleResponse> =>
  async ({ id: asked, spec: wire, catchUp }, call) => {
    const { schedules, scheduler, clock } = coordinator;
    if (asked !== "" && !idPattern.test(asked)) throw new DispatchError("invalid_argument", "id: must be 12 hex digits.", { metadata: { field: "id", value: asked } });
    const id = asked || newDeliveryId();
    const known = schedules.find(id);
    if (known) return { schedule: scheduleToWire(withNextSlots(known, clock.now())), warnings: [] };
    const spec = validateSpec(scheduleSpecFromWire(wire), clock.now(), { catchUp });
    validatePrompt(spec.prompt, coordinator.maxPromptBytes);
    schedules.create({ ...newSchedule(id, spec, clock.now()), ...(call.principal.kind !== "owner" && { principal: call.principal }) });
    scheduler.tick();
    const made = schedules.find(id);
    if (!made) throw new DispatchError("schedule_not_found", undefined, { metadata: { field: "id", value: id } });
    return { schedule: scheduleToWire(withNextSlots(made, clock.now())), warnings: await warningsOf(coordinator, spec, call) };
  };

const absent: ReadonlySet<Reason> = new Set(["not_found", "no_tmux_server", "unknown_machine", "ambiguous_target", "node_unreachable"]);

/** A target may come later: it is looked for when a slot fires. */
async function warningsOf(coordinator: Coordinator, { targets }: ScheduleSpec, { signal, principal }: CallContext): Promise<string[]> {
  const deadline = new Date(coordinator.clock.now().getTime() + askMs);
  const told = await Promise.all(targets.map(async (target) => lookFor(coordinator, target, { signal, deadline, principal })));
  return told.filter((text) => text !== "");
}

async function lookFor({ nodes }: Coordinator, target: TargetAddress, call: NodeCall): Promise<string> {
  try {
    await nodes.forMachine(target.machine).detect(target, call);
    return "";
  } catch (error) {
    if (!(error instanceof DispatchError) || !absent.has(error.reason)) return "";
    return `${formatAddress(target)} cannot be sent to now (${error.reason}: ${error.message}) It is looked for again when the schedule fires.`;
  }
}
