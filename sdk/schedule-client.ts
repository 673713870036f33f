import { systemClock } from "../core/clock.js";
import { newDeliveryId } from "../core/domain/delivery-id.js";
import type { Occurrence, OccurrenceStatus, Schedule, ScheduleKind, ScheduleStatus } from "../core/domain/schedule.js";
import type { TargetAddress } from "../core/domain/target.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import type { UnaryMethod } from "../core/transport/calls.js";
import {
  occurrenceFromWire, occurrenceStatusFilterToWire, scheduleFromWire, scheduleSpecToWire, scheduleStatusFilterToWire,
} from "../core/wire/schedule.js";
import type { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";
import { changedSpec, type ScheduleChanges } from "./changed-spec.js";
import { scheduleSpec, type ScheduleRequest } from "./schedules.js";

interface Call {
  readonly signal?: AbortSignal | undefined;
}

export interface ScheduleParts {
  readonly client: CoordinatorClient;
  /** Asks once more where the coordinator went away and came back. */
  readonly ask: <Request, Response>(method: UnaryMethod<Request, Response>, request: Request, options: Call) => Promise<Response>;
  readonly toAddress: (target: string | TargetAddress) => TargetAddress;
}

/** Schedules: `DispatchClient.schedules`. Every call may be made twice: what it makes is named by us. */
export class ScheduleClient {
  readonly #parts: ScheduleParts;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Stores a schedule. A past `at` is refused unless `catchUp`. Warnings tell of targets that are not there yet. */
  async create(request: ScheduleRequest, { catchUp = false, ...call }: { catchUp?: boolean } & Call = {}): Promise<{ schedule: Schedule; warnings: readonly string[] }> {
    const { client, ask, toAddress } = this.#parts;
    const spec = scheduleSpec(request, { now: systemClock.now(), toAddress });
    const { schedule, warnings } = await ask(client.createSchedule.bind(client), { id: newDeliveryId(), spec: scheduleSpecToWire(spec), catchUp }, call);
    return { schedule: scheduleFromWire(schedule), warnings };
  }

  /** By id or name, with its prompt and its next five slots. */
  async get(idOrName: string, call: Call = {}): Promise<Schedule> {
    const { client, ask } = this.#parts;
    return scheduleFromWire((await ask(client.getSchedule.bind(client), { id: idOrName }, call)).schedule);
  }

  /** Newest first, without prompts. */
  async list({ status, kind, limit, ...call }: { status?: ScheduleStatus | undefined; kind?: ScheduleKind | undefined; limit?: number | undefined } & Call = {}): Promise<Schedule[]> {
    const { client, ask } = this.#parts;
    const { schedules } = await ask(client.listSchedules.bind(client), { status: scheduleStatusFilterToWire(status), kind: kind ?? "", limit: limit ?? 0 }, call);
    return schedules.map(scheduleFromWire);
  }

  /** Changes what is named; `invalid_argument` where nothing is. A past `at` is refused unless `catchUp`. */
  async edit(idOrName: string, changes: ScheduleChanges, { catchUp = false, ...call }: { catchUp?: boolean } & Call = {}): Promise<Schedule> {
    const { client, ask, toAddress } = this.#parts;
    const before = await this.get(idOrName, call);
    const { spec, fields } = changedSpec(before.spec, changes, toAddress);
    if (fields.length === 0) throw new DispatchError("invalid_argument", `Nothing to change in "${before.promptPreview}": name what is to be different, such as its timing or its prompt.`, { metadata: { field: "changes" } });
    return scheduleFromWire((await ask(client.updateSchedule.bind(client), { id: idOrName, spec: scheduleSpecToWire(spec), fields: [...fields], catchUp }, call)).schedule);
  }

  async pause(idOrName: string, call: Call = {}): Promise<Schedule> {
    const { client, ask } = this.#parts;
    return scheduleFromWire((await ask(client.pauseSchedule.bind(client), { id: idOrName }, call)).schedule);
  }

  async resume(idOrName: string, call: Call = {}): Promise<Schedule> {
    const { client, ask } = this.#parts;
    return scheduleFromWire((await ask(client.resumeSchedule.bind(client), { id: idOrName }, call)).schedule);
  }

  /** Ends it; its occurrences are kept. */
  async cancel(idOrName: string, call: Call = {}): Promise<Schedule> {
    const { client, ask } = this.#parts;
    return scheduleFromWire((await ask(client.cancelSchedule.bind(client), { id: idOrName }, call)).schedule);
  }

  /** Removes it with its occurrences and its prompt. */
  async clear(idOrName: string, call: Call = {}): Promise<void> {
    const { client, ask } = this.#parts;
    await ask(client.deleteSchedule.bind(client), { id: idOrName }, call);
  }

  /** Runs it once, now, beside its slots. Waits until the run has ended, was queued by the agent, or is to be tried again; `wait: false` does not. */
  async runNow(idOrName: string, { wait = true, ...call }: { wait?: boolean } & Call = {}): Promise<Occurrence> {
    const { client, ask } = this.#parts;
    const slot = systemClock.now();
    for (;;) {
      const run = occurrenceFromWire((await ask(client.runNow.bind(client), { id: idOrName, slot, wait }, call)).occurrence);
      const goesOn = run.status === "claimed" || run.status === "running" || (run.status === "due" && run.attempts === 0);
      if (!wait || !goesOn) return run;
    }
  }

  /** What became of each slot, latest first. */
  async occurrences(idOrName: string, { status, limit, ...call }: { status?: OccurrenceStatus | undefined; limit?: number | undefined } & Call = {}): Promise<Occurrence[]> {
    const { client, ask } = this.#parts;
    const { occurrences } = await ask(client.listOccurrences.bind(client), { id: idOrName, status: occurrenceStatusFilterToWire(status), limit: limit ?? 0 }, call);
    return occurrences.map(occurrenceFromWire);
  }
}
