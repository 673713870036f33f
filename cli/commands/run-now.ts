import { Command, Option } from "clipanion";
import { exitCodes } from "../../core/errors/reasons.js";
import { occurrenceJson } from "../../sdk/json/schedule-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { occurrenceTable } from "../output/schedule-text.js";

export class RunNowCommand extends ClientCommand {
  static override paths = [["run-now"]];
  static override usage = Command.Usage({
    description: "Run a schedule once, now; its slots stay as they are.",
    details: "Waits until the run has ended, was queued by the agent, or is to be tried again.",
  });

  id = Option.String();
  noWait = Option.Boolean("--no-wait", false, { description: "Come back at once; `dispatch occurrences` tells what becomes of it." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const run = await client.schedules.runNow(this.id, { wait: !this.noWait });
      if (this.json) this.printJson(occurrenceJson(run));
      else this.print(occurrenceTable([run]));
      if (run.status === "unconfirmed") return exitCodes.unconfirmed;
      return ["failed", "skipped"].includes(run.status) || (run.status === "due" && run.attempts > 0) ? exitCodes.failed : exitCodes.success;
    });
  }
}
