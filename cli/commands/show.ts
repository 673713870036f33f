import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import { deliveryReport } from "../output/delivery-report.js";

export class ShowCommand extends ClientCommand {
  static override paths = [["show"]];
  static override usage = Command.Usage({
    description: "Show one delivery with its steps and its evidence.",
    examples: [["By id or by key", "$0 show 3f9c2a7be014"]],
  });

  id = Option.String();

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      this.print(deliveryReport(await client.get(this.id), this));
      return 0;
    });
  }
}
