import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";

export class ClearCommand extends ClientCommand {
  static override paths = [["clear"]];
  static override usage = Command.Usage({ description: "Remove a schedule with its slots and its prompt. Deliveries that it made are kept." });

  id = Option.String();

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      await client.schedules.clear(this.id);
      if (this.json) this.printJson({ cleared: true, id: this.id });
      else this.print(`Cleared ${this.id}.\n`);
      return 0;
    });
  }
}
