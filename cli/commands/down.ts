import { Command } from "clipanion";
import { DispatchCommand } from "../dispatch-command.js";

export class DownCommand extends DispatchCommand {
  static override paths = [["down"]];
  static override usage = Command.Usage({ description: "End the background process. Deliveries that it accepted are taken up at the next start." });

  async execute(): Promise<number> {
    const { takeDown } = await import("../../sdk/daemon/index.js");
    const pid = await takeDown((await this.loadConfig()).config);
    if (this.json) this.printJson({ action: pid === undefined ? "none" : "stopped", running: false, pid: pid ?? null });
    else this.print(pid === undefined ? "The background process does not run.\n" : `Ended, pid ${pid}.\n`);
    return 0;
  }
}
