import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import type { DispatchClient } from "../../sdk/index.js";
import { stepLine } from "../output/delivery-text.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { findDeliveryOrSchedule } from "../../sdk/find-delivery-or-schedule.js";
import { deliveryReport } from "../output/delivery-report.js";
import { scheduleDetails } from "../output/schedule-text.js";

export class ShowCommand extends ClientCommand {
  static override paths = [["show"]];
  static override usage = Command.Usage({
    description: "Show one delivery with its steps and its evidence, or one schedule with its next slots.",
    examples: [["By id or by key", "$0 show 3f9c2a7be014"]],
  });

  id = Option.String();
  watch = Option.Boolean("--watch", false, { description: "Follow it, step by step, to its end." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      if (this.watch) await this.#follow(client);
      const found = await findDeliveryOrSchedule(client, this.id);
      if ("delivery" in found) this.print(deliveryReport(found.delivery, this));
      else if (this.json) this.printJson(scheduleJson(found.schedule));
      else this.print(scheduleDetails(found.schedule));
      return 0;
    });
  }

  async #follow(client: DispatchClient): Promise<void> {
    let first: Date | undefined;
    await this.untilInterrupted(async (signal) => {
      for await (const update of client.follow(this.id, { signal })) {
        if (!this.json) this.print(`${stepLine(update, (first ??= update.at))}\n`);
      }
    });
  }
}
