import { Command, Option } from "clipanion";
import { exitCodes } from "../../core/errors/reasons.js";
import { ClientCommand } from "../dispatch-command.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { findDeliveryOrSchedule } from "../../sdk/find-delivery-or-schedule.js";
import { scheduleLine } from "../output/schedule-text.js";
import { verdict } from "../output/delivery-text.js";

export class CancelCommand extends ClientCommand {
  static override paths = [["cancel"]];
  static override usage = Command.Usage({ description: "End a schedule, by id or name, or stop a delivery whose submit key was not pressed yet." });

  id = Option.String();

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const found = await findDeliveryOrSchedule(client, this.id);
      if ("schedule" in found) {
        const schedule = await client.schedules.cancel(this.id);
        if (this.json) this.printJson({ cancelled: true, ...scheduleJson(schedule) });
        else this.print(scheduleLine(schedule));
        return exitCodes.success;
      }
      const { delivery, cancelled } = await client.cancel(this.id);
      if (this.json) this.printJson({ cancelled, ...deliveryJson(delivery) });
      else this.print(cancelled ? verdict(delivery) : `Too late to cancel.\n${verdict(delivery)}`);
      return cancelled ? exitCodes.success : exitCodes.failed;
    });
  }
}
