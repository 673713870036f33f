import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";

export class NodeAddCommand extends ClientCommand {
  static override paths = [["node", "add"]];
  static override usage = Command.Usage({
    description: "Bring a machine that has Node and tmux into the fleet, over ssh.",
    details: "This package is copied there where it is missing or of another version; the machine's key is made there and stays there.",
    examples: [["A machine", "$0 node add root@10.0.0.5"], ["Under another name", "$0 node add build --name spark01 --listen 10.0.0.5:7411"]],
  });

  destination = Option.String({ required: true });
  name = Option.String("--name", { description: "Its name in the fleet (default: its host name)." });
  listen = Option.String("--listen", { description: "host:port at which it takes calls (default: where ssh reached it, port 7411)." });

  async execute(): Promise<number> {
    const { addNode } = await import("../../sdk/ssh/add-node.js");
    return this.withClient(async (client) => {
      const added = await addNode(client, { destination: this.destination, name: this.name, listen: this.listen, onStep: (what) => this.notice(`${what} …`) });
      if (this.json) this.printJson(added);
      else this.print(`${added.machine} is in the fleet, at ${added.address}\n`);
      return 0;
    });
  }
}
