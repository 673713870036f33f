import { Command } from "clipanion";
import { DispatchCommand } from "../dispatch-command.js";
import { daemonJson } from "../../sdk/json/daemon-json.js";
import { daemonText } from "../output/daemon-text.js";

export class UpCommand extends DispatchCommand {
  static override paths = [["up"]];
  static override usage = Command.Usage({ description: "Start the background process, where it does not run." });

  async execute(): Promise<number> {
    const { daemonStatus, ensureDaemon } = await import("../../sdk/daemon/index.js");
    const { config } = await this.loadConfig();
    const action = await ensureDaemon(config);
    const status = await daemonStatus(config);
    if (this.json) this.printJson({ action, ...daemonJson(status) });
    else this.print(`${action}\n${daemonText(status)}`);
    return status.healthy ? 0 : 1;
  }
}
