import { Command, Option } from "clipanion";
import { deliveryStatuses, type Delivery } from "../../core/domain/delivery.js";
import { ClientCommand } from "../dispatch-command.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { table } from "../output/table.js";
import { parseChoice } from "../parse-choice.js";
import { parseCount } from "../parse-count.js";

export class ListCommand extends ClientCommand {
  static override paths = [["list"]];
  static override usage = Command.Usage({ description: "List deliveries, newest first." });

  status = Option.String("-s,--status", { description: `Only this status: ${deliveryStatuses.join(", ")}.` });
  limit = Option.String("-n,--limit", { description: "How many, 1 to 1000 (default 20)." });

  async execute(): Promise<number> {
    const filter = {
      ...(this.status !== undefined && { status: parseChoice(this.status, deliveryStatuses, "--status") }),
      limit: parseCount(this.limit, "--limit"),
    };
    return this.withClient(async (client) => {
      const deliveries = await client.list(filter);
      if (this.json) this.printJson(deliveries.map(deliveryJson));
      else this.print(deliveries.length === 0 ? "No deliveries.\n" : table(["ID", "STATUS", "TARGET", "AGENT", "BYTES", "CREATED", "DETAIL"], deliveries.map(row)));
      return 0;
    });
  }
}

function row(delivery: Delivery): string[] {
  const { id, status, reason, machine, target, requestedTarget, detection, promptBytes, createdAt, detail } = delivery;
  return [
    id, reason ? `${status} (${reason})` : status, `${machine}/${target?.target ?? requestedTarget}`, detection?.agentKind ?? "",
    String(promptBytes), createdAt.toISOString(), detail,
  ];
}
