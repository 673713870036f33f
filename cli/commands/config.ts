import { Command } from "clipanion";
import { DispatchCommand } from "../dispatch-command.js";
import { table } from "../output/table.js";

export class ConfigCommand extends DispatchCommand {
  static override paths = [["config"]];
  static override usage = Command.Usage({
    description: "Print each value of the configuration and where it came from.",
    details: "Defaults < /etc/dispatch/config.json < ~/.config/dispatch/config.json < DISPATCH_* variables < options.",
  });

  async execute(): Promise<number> {
    const { config, origins } = await this.loadConfig();
    const rows = Object.entries(config).map(([key, value]) => ({ key, value, origin: origins[key as keyof typeof origins] }));
    if (this.json) this.printJson(Object.fromEntries(rows.map(({ key, ...rest }) => [key, rest])));
    else this.print(table(["KEY", "FROM", "VALUE"], rows.map(({ key, value, origin }) => [key, origin, JSON.stringify(value)])));
    return 0;
  }
}
