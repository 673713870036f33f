import { Command } from "clipanion";
import { version } from "../../core/version.js";
import { contract } from "../../core/wire/contract.js";
import { DispatchCommand } from "../dispatch-command.js";

export class VersionCommand extends DispatchCommand {
  static override paths = [["version"]];
  static override usage = Command.Usage({ description: "Print the version of this program and of its contract." });

  execute(): Promise<number> {
    if (this.json) this.printJson({ version, contract, node: process.version, platform: process.platform });
    else this.print(`${version}\n`);
    return Promise.resolve(0);
  }
}
