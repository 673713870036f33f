import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import type { DispatchClient } from "../../sdk/index.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { findDeliveryOrSchedule } from "../../sdk/find-delivery-or-schedule.js";
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
  watch = Option.Boolean("--watch", false, { description: "Again after each step of a delivery, until ctrl-C; of one delivery, only after its own. With --json one object a line." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      if (!this.watch) {
        await this.#show(client);
        return 0;
      }
      return this.untilInterrupted(async (signal) => {
        await this.#show(client);
        for await (const { id, key } of client.watchDeliveries({ signal })) {
          if (this.id === undefined || [id, key].includes(this.id)) await this.#show(client);
        }
      });
    });
  }

  async #show(client: DispatchClient): Promise<void> {
    if (this.id === undefined) {
      const status = await client.status();
      this.print(this.json ? this.#asJson(status) : coordinatorText(status));
    } else {
      const found = await findDeliveryOrSchedule(client, this.id);
      if ("delivery" in found) this.print(this.json ? this.#asJson(deliveryJson(found.delivery)) : deliveryReport(found.delivery, this));
      else this.print(this.json ? this.#asJson(scheduleJson(found.schedule)) : scheduleDetails(found.schedule));
    }
  }

  #asJson(value: unknown): string {
    return `${this.watch ? JSON.stringify(value) : JSON.stringify(value, null, 2)}\n`;
  }
}
