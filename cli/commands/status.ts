import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { findDeliveryOrSchedule } from "../find-delivery-or-schedule.js";
import { deliveryReport } from "../output/delivery-report.js";
import { scheduleDetails } from "../output/schedule-text.js";
import { coordinatorText } from "../output/coordinator-text.js";

export class StatusCommand extends ClientCommand {
  static override paths = [["status"]];
  static override usage = Command.Usage({
    description: "Show the health of coordinator and nodes, or where one delivery or schedule stands.",
    examples: [["Health and counts", "$0 status"], ["One delivery, by id or key", "$0 status 3f9c2a7be014"]],
  });

  id = Option.String({ required: false });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      if (this.id === undefined) {
        const status = await client.status();
        if (this.json) this.printJson(status);
        else this.print(coordinatorText(status));
        return 0;
      }
      const found = await findDeliveryOrSchedule(client, this.id);
      if ("delivery" in found) this.print(deliveryReport(found.delivery, this));
      else if (this.json) this.printJson(scheduleJson(found.schedule));
      else this.print(scheduleDetails(found.schedule));
      return 0;
    });
  }
}
