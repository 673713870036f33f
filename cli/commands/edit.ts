import { Command, Option } from "clipanion";
import type { ScheduleChanges } from "../../sdk/index.js";
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
    const { catchUpPast, ...rules } = await this.rules();
    const onBusy = this.onBusy();
    const changes: ScheduleChanges = {
      at: this.at, in: this.in, cron: this.cron, every: this.every, ...rules, ...(this.namesTarget() && (await this.targets())), name: this.name, timeZone: this.tz, start: this.start, end: this.end,
      ...((this.prompt !== undefined || this.file !== undefined) && { prompt: await this.readText() }), ...(onBusy && { onBusy }), ...(this.goal && { command: true }),
    };
    return this.withClient(async (client) => {
      const schedule = await client.schedules.edit(this.id, changes, { catchUp: catchUpPast });
      if (this.json) this.printJson(scheduleJson(schedule));
      else this.print(scheduleDetails(schedule));
      return 0;
    });
  }
}
