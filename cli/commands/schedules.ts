import { Command, Option } from "clipanion";
import { scheduleKinds, scheduleStatuses } from "../../core/domain/schedule.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { scheduleTable } from "../output/schedule-text.js";
import { parseChoice } from "../parse-choice.js";
import { parseCount } from "../parse-count.js";

const defaultLimit = 200;

export class SchedulesCommand extends ClientCommand {
  static override paths = [["schedules"]];
  static override usage = Command.Usage({ description: "List schedules, newest first." });

  status = Option.String("-s,--status", { description: `Only this status: ${scheduleStatuses.join(", ")}.` });
  kind = Option.String("--kind", { description: "Only this kind: schedule or loop." });
  limit = Option.String("-n,--limit", { description: "How many, 1 to 1000 (default 200)." });

  async execute(): Promise<number> {
    const filter = {
      ...(this.status !== undefined && { status: parseChoice(this.status, scheduleStatuses, "--status") }),
      ...(this.kind !== undefined && { kind: parseChoice(this.kind, scheduleKinds, "--kind") }),
      limit: parseCount(this.limit, "--limit"),
    };
    return this.withClient(async (client) => {
      const found = await client.schedules.list(filter);
      this.noticeMore(found.length, filter.limit || defaultLimit);
      if (this.json) this.printJson(found.map(scheduleJson));
      else this.print(found.length === 0 ? "No schedules.\n" : scheduleTable(found));
      return 0;
    });
  }
}

export class LoopsCommand extends ClientCommand {
  static override paths = [["loops"]];
  static override usage = Command.Usage({ description: "List loops, newest first." });

  status = Option.String("-s,--status", { description: `Only this status: ${scheduleStatuses.join(", ")}.` });
  limit = Option.String("-n,--limit", { description: "How many, 1 to 1000 (default 200)." });

  async execute(): Promise<number> {
    const filter = { kind: "loop" as const, limit: parseCount(this.limit, "--limit"), ...(this.status !== undefined && { status: parseChoice(this.status, scheduleStatuses, "--status") }) };
    return this.withClient(async (client) => {
      const found = await client.schedules.list(filter);
      this.noticeMore(found.length, filter.limit || defaultLimit);
      if (this.json) this.printJson(found.map(scheduleJson));
      else this.print(found.length === 0 ? "No loops.\n" : scheduleTable(found));
      return 0;
    });
  }
}
