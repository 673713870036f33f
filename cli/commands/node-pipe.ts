import { Command } from "clipanion";
import { DispatchCommand } from "../dispatch-command.js";

export class NodePipeCommand extends DispatchCommand {
  static override paths = [["node", "pipe"]];
  static override usage = Command.Usage({
    description: "Lead standard input and output to this machine's node.",
    details: "A coordinator runs it over ssh for a machine whose address is ssh://user@host.",
  });

  async execute(): Promise<number> {
    const { config } = await this.loadConfig();
    const { pipeToNode } = await import("../../sdk/daemon/pipe-to-node.js");
    await pipeToNode(config, process.stdin, process.stdout);
    return 0;
  }
}
