import { Command, Option } from "clipanion";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { scheduleLine } from "../output/schedule-text.js";

export class PauseCommand extends ClientCommand {
  static override paths = [["pause"]];
  static override usage = Command.Usage({ description: "Hold a schedule; what is under way goes on." });

  id = Option.String();

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const schedule = await client.schedules.pause(this.id);
      if (this.json) this.printJson(scheduleJson(schedule));
      else this.print(scheduleLine(schedule));
      return 0;
    });
  }
}
