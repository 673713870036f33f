import { Command, Option } from "clipanion";
import { occurrenceStatuses } from "../../core/domain/schedule.js";
import { occurrenceJson } from "../../sdk/json/schedule-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { occurrenceTable } from "../output/schedule-text.js";
import { parseChoice } from "../parse-choice.js";
import { parseCount } from "../parse-count.js";

const defaultLimit = 20;

export class OccurrencesCommand extends ClientCommand {
  static override paths = [["occurrences"]];
  static override usage = Command.Usage({
    description: "Tell for each slot of a schedule what became of it, latest first.",
    examples: [["By id or by name", "$0 occurrences nightly"]],
  });

  id = Option.String();
  status = Option.String("-s,--status", { description: `Only this status: ${occurrenceStatuses.join(", ")}.` });
  limit = Option.String("-n,--limit", { description: "How many, 1 to 1000 (default 20)." });

  async execute(): Promise<number> {
    const filter = { limit: parseCount(this.limit, "--limit"), ...(this.status !== undefined && { status: parseChoice(this.status, occurrenceStatuses, "--status") }) };
    return this.withClient(async (client) => {
      const found = await client.schedules.occurrences(this.id, filter);
      this.noticeMore(found.length, filter.limit || defaultLimit);
      if (this.json) this.printJson(found.map(occurrenceJson));
      else this.print(found.length === 0 ? "No slot has come yet.\n" : occurrenceTable(found));
      return 0;
    });
  }
}
