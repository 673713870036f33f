import { Command, Option } from "clipanion";
import { systemClock } from "../../core/clock.js";
import { nodeJson } from "../../sdk/json/node-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { nodeTable } from "../output/node-text.js";

export class NodesCommand extends ClientCommand {
  static override paths = [["nodes"]];
  static override usage = Command.Usage({
    description: "List the machines, whether they answer, and their agents.",
    examples: [["Every machine", "$0 nodes"]],
  });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const nodes = await client.fleet.nodes({ countAgents: true });
      if (this.json) this.printJson(nodes.map(nodeJson));
      else this.print(nodeTable(nodes, systemClock.now()));
      return 0;
    });
  }
}

export class NodesDrainCommand extends ClientCommand {
  static override paths = [["nodes", "drain"]];
  static override usage = Command.Usage({
    description: "Give a machine nothing new; what it has goes on.",
    examples: [["Before a restart", "$0 nodes drain spark01"], ["Afterwards", "$0 nodes drain spark01 --off"]],
  });

  machine = Option.String({ required: true });
  off = Option.Boolean("--off", false, { description: "Let it take deliveries again." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const openDeliveries = await client.fleet.drain(this.machine, !this.off);
      if (this.json) this.printJson({ machine: this.machine, draining: !this.off, openDeliveries });
      else if (this.off) this.print(`${this.machine} takes deliveries again\n`);
      else this.print(`${this.machine} takes nothing new; ${openDeliveries === 0 ? "nothing is open there" : `${openDeliveries} open deliveries go on there`}\n`);
      return 0;
    });
  }
}

export class NodesRemoveCommand extends ClientCommand {
  static override paths = [["nodes", "remove"]];
  static override usage = Command.Usage({
    description: "Forget a machine that joined.",
    details: "Its certificate stays valid until it is revoked: `dispatch node revoke`.",
    examples: [["A machine that is gone", "$0 nodes remove spark01"]],
  });

  machine = Option.String({ required: true });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      await client.fleet.remove(this.machine);
      if (this.json) this.printJson({ machine: this.machine, removed: true });
      else this.print(`${this.machine} is forgotten until its node registers again; \`dispatch node revoke ${this.machine}\` keeps it out\n`);
      return 0;
    });
  }
}
