import { Command, Option } from "clipanion";
import { deliveryKinds, deliveryStatuses, type Delivery } from "../../core/domain/delivery.js";
import type { DispatchClient } from "../../sdk/index.js";
import { ClientCommand } from "../dispatch-command.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { deliveryReport } from "../output/delivery-report.js";
import { verdictLine } from "../output/delivery-text.js";
import { table } from "../output/table.js";
import { parseChoice } from "../parse-choice.js";
import { parseCount } from "../parse-count.js";

export class ListCommand extends ClientCommand {
  static override paths = [["list"]];
  static override usage = Command.Usage({ description: "List deliveries, newest first.", examples: [["What was refused here", "$0 list --status refused"], ["Everything as it happens", "$0 list --watch"]] });

  status = Option.String("-s,--status", { description: `Only this status: ${deliveryStatuses.join(", ")}.` });
  kind = Option.String("--kind", { description: "Only prompt, exec or key." });
  machine = Option.String("-m,--machine", { description: "Only this machine." });
  limit = Option.String("-n,--limit", { description: "How many, 1 to 1000 (default 20)." });
  verbose = Option.Boolean("--verbose", false, { description: "Each with its steps and its evidence." });
  watch = Option.Boolean("--watch", false, { description: "Then each delivery after each of its steps, until ctrl-C. With --json one object a line." });

  async execute(): Promise<number> {
    const filter = {
      ...(this.status !== undefined && { status: parseChoice(this.status, deliveryStatuses, "--status") }),
      ...(this.kind !== undefined && { kind: parseChoice(this.kind, deliveryKinds, "--kind") }),
      ...(this.machine !== undefined && { machine: this.machine }),
      limit: parseCount(this.limit, "--limit"),
    };
    return this.withClient(async (client) => {
      if (this.watch) return this.#watch(client, filter);
      const deliveries = await client.list(filter);
      if (this.json) this.printJson(deliveries.map(deliveryJson));
      else if (deliveries.length === 0) this.print("No deliveries.\n");
      else if (this.verbose) this.print(deliveries.map((delivery) => deliveryReport(delivery, this)).join("\n"));
      else this.print(table(["ID", "STATUS", "TARGET", "AGENT", "BYTES", "CREATED", "DETAIL"], deliveries.map(row)));
      return 0;
    });
  }

  async #watch(client: DispatchClient, { status, kind, machine }: { status?: string; kind?: string; machine?: string }): Promise<number> {
    return this.untilInterrupted(async (signal) => {
      for await (const delivery of client.watchDeliveries({ signal })) {
        if ((status && delivery.status !== status) || (kind && delivery.kind !== kind) || (machine && delivery.machine.toLowerCase() !== machine.toLowerCase())) continue;
        this.print(this.json ? `${JSON.stringify(deliveryJson(delivery))}\n` : `${delivery.id}  ${verdictLine(delivery)}`);
      }
    });
  }
}

function row(delivery: Delivery): string[] {
  const { id, kind, status, reason, machine, target, requestedTarget, detection, promptBytes, createdAt, detail } = delivery;
  return [
    id, reason ? `${status} (${reason})` : status, `${machine}/${target?.target ?? requestedTarget}`, detection?.agentKind ?? "",
    kind === "prompt" ? String(promptBytes) : kind, createdAt.toISOString(), detail,
  ];
}
