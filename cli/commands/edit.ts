import { Command, Option } from "clipanion";
import { systemClock } from "../../core/clock.js";
import { promptPreview, type AskedTiming, type ScheduleSpec } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { parseInstant } from "../../core/schedule/parse-instant.js";
import { checkedTimeZone } from "../../core/schedule/zoned-time.js";
import type { ScheduleField, TimingRequest } from "../../sdk/index.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { scheduleDetails } from "../output/schedule-text.js";
import { ScheduleCommandBase } from "./schedule.js";

export class EditCommand extends ScheduleCommandBase {
  static override paths = [["edit"]];
  static override usage = Command.Usage({
    description: "Change a schedule; what is not named stays.",
    examples: [["Another time", "$0 edit nightly --cron '0 3 * * *'"], ["Another prompt", "$0 edit nightly --prompt 'status, please?'"]],
  });

  id = Option.String();
  at = Option.String("--at", { description: "Once, at this time." });
  in = Option.String("--in", { description: "Once, after so long from now." });
  cron = Option.String("--cron", { description: "Minute, hour, day, month and weekday, or @daily and the like." });
  every = Option.String("--every", { description: "Again and again, so far apart." });

  async execute(): Promise<number> {
    const timing: TimingRequest = { at: this.at, in: this.in, cron: this.cron, every: this.every };
    const { catchUpPast, policy, jitterMs, maxRuns } = await this.rules();
    const onBusy = this.onBusy();
    const text = this.prompt !== undefined || this.file !== undefined ? await this.readText() : undefined;
    return this.withClient(async (client) => {
      const { readTiming } = await import("../../sdk/schedules.js");
      const { spec } = await client.schedules.get(this.id);
      const now = systemClock.now();
      const timeZone = this.tz === undefined ? spec.timeZone : checkedTimeZone(this.tz);
      const fields: ScheduleField[] = [];
      const change = <Key extends keyof ScheduleSpec>(given: boolean, field: ScheduleField, values: () => Pick<ScheduleSpec<AskedTiming>, Key>): Partial<ScheduleSpec<AskedTiming>> => {
        if (!given) return {};
        fields.push(field);
        return values();
      };
      const instant = (value: string | undefined, option: string): Date => parseInstant(value ?? "", option, { timeZone, now });
      const targets = this.namesTarget() ? await this.targets() : undefined;
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const next: ScheduleSpec<AskedTiming> = {
        ...spec,
        ...change(this.name !== undefined, "name", () => ({ name: this.name ?? "" })),
        ...change(targets !== undefined, "targets", () => ({ select: targets?.select, sessions: targets?.sessions, targets: (targets?.targets ?? []).map((one) => (typeof one === "string" ? parseAddress(one, { server: resolveTmuxServer(this.server) }) : one)) })),
        ...change(text !== undefined, "prompt", () => ({ prompt: text ?? "" })),
        ...change(onBusy !== undefined || this.goal, "options", () => ({ options: { ...spec.options, ...(onBusy && { onBusy }), ...(this.goal && { command: true }) } })),
        ...change(Object.values(timing).some((value) => value !== undefined), "timing", () => ({ timing: readTiming(timing, { timeZone, now }) })),
        ...change(this.tz !== undefined, "time_zone", () => ({ timeZone })),
        ...change(jitterMs !== undefined, "jitter", () => ({ jitterMs: jitterMs ?? 0 })),
        ...change(this.start !== undefined, "start", () => ({ start: instant(this.start, "--start") })),
        ...change(this.end !== undefined, "end", () => ({ end: instant(this.end, "--end") })),
        ...change(maxRuns !== undefined, "max_runs", () => ({ maxRuns: maxRuns ?? 0 })),
        ...change(Object.keys(policy).length > 0, "policy", () => ({ policy: { ...spec.policy, ...policy } })),
      };
      if (fields.length === 0) throw new DispatchError("invalid_argument", `Nothing to change in "${promptPreview(spec.prompt)}": name what is to be different, such as --cron or --prompt.`, { metadata: { field: "command" } });
      const schedule = await client.schedules.update(this.id, next, fields, { catchUp: catchUpPast });
      if (this.json) this.printJson(scheduleJson(schedule));
      else this.print(scheduleDetails(schedule));
      return 0;
    });
  }
}
