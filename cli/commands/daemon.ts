import { Command } from "clipanion";
import { DispatchCommand } from "../dispatch-command.js";
import { daemonJson, daemonText } from "../output/daemon-output.js";
import { DownCommand } from "./down.js";
import { UpCommand } from "./up.js";

export class DaemonStatusCommand extends DispatchCommand {
  static override paths = [["daemon", "status"]];
  static override usage = Command.Usage({ description: "Tell whether the background process runs, and how it is. Starts nothing." });

  async execute(): Promise<number> {
    const { daemonStatus } = await import("../../sdk/daemon/index.js");
    const status = await daemonStatus((await this.loadConfig()).config);
    if (this.json) this.printJson(daemonJson(status));
    else this.print(daemonText(status));
    return 0;
  }
}

export class DaemonEnsureCommand extends UpCommand {
  static override paths = [["daemon", "ensure"]];
}

export class DaemonStopCommand extends DownCommand {
  static override paths = [["daemon", "stop"]];
}
