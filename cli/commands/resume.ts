import { Command, Option } from "clipanion";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { scheduleLine } from "../output/schedule-text.js";

export class ResumeCommand extends ClientCommand {
  static override paths = [["resume"]];
  static override usage = Command.Usage({ description: "Let a paused schedule go on, from its next slot." });

  id = Option.String();

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const schedule = await client.schedules.resume(this.id);
      if (this.json) this.printJson(scheduleJson(schedule));
      else this.print(scheduleLine(schedule));
      return 0;
    });
  }
}
