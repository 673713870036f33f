import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import { fleetText } from "../output/triage-text.js";
import { parseInteger } from "../parse-integer.js";

const defaultLimit = 50;
const maxLimit = 200;

export class FleetSummaryCommand extends ClientCommand {
  static override paths = [["fleet", "summary"]];
  static override usage = Command.Usage({
    description: "Tell how all agents stand, those first that need a look.",
    details: "Each pane is working, idle, stuck, error or blocked; a shell is blocked, since no prompt can go there.",
    examples: [["Release sessions", "$0 fleet summary --targets 'rel-*,build:*'"]],
  });

  targets = Option.String("--targets", { description: "Only what fits one of these, such as 'rel-*,build:1.?': target, session, window or pane id; * and ? are wildcards." });
  limit = Option.String("-n,--limit", { description: `At most so many panes, 1 to ${maxLimit} (default ${defaultLimit}).` });
  server = Option.String("--server", { description: "Only this tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Only this machine." });

  async execute(): Promise<number> {
    const limit = this.limit === undefined ? defaultLimit : parseInteger(this.limit, "--limit", { min: 1, max: maxLimit });
    const targets = (this.targets ?? "").split(",").map((word) => word.trim()).filter((word) => word !== "");
    return this.withClient(async (client) => {
      const { fleetSummaryJson } = await import("../../sdk/index.js");
      const summary = await client.fleetSummary({ targets, machine: this.machine, server: this.server, limit });
      if (this.json) this.printJson(fleetSummaryJson(summary));
      else this.print(fleetText(summary));
      return 0;
    });
  }
}
