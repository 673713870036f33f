import { Command, Option } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import { printToken } from "../output/token-text.js";
import { parseDuration } from "../parse-duration.js";

export class NodeTokenCommand extends ClientCommand {
  static override paths = [["node", "token"]];
  static override usage = Command.Usage({
    description: "Make a token with which one machine can join, once.",
    details: "The token is a secret: whoever has it may join. Run `dispatch join` with it on the other machine.",
    examples: [["For any name", "$0 node token"], ["For one name, for ten minutes", "$0 node token --name spark01 --ttl 10m"]],
  });

  name = Option.String("--name", { description: "The only name that the machine may take." });
  ttl = Option.String("--ttl", { description: "How long it is good for, 1 minute to 7 days (default 1h)." });
  address = Option.String("--address", { description: "host:port of the coordinator as the machine will reach it (default: where it listens)." });

  async execute(): Promise<number> {
    const lifeMs = this.ttl === undefined ? undefined : parseDuration(this.ttl, "--ttl");
    return this.withClient(async (client) => {
      const made = await client.enrolment.createToken({ kind: "node", name: this.name, lifeMs, address: this.address });
      if (this.json) this.printJson(made);
      else printToken(made, (text) => this.print(text), (text) => this.notice(text));
      return 0;
    });
  }
}

export class NodeRevokeCommand extends ClientCommand {
  static override paths = [["node", "revoke"], ["client", "revoke"]];
  static override usage = Command.Usage({
    description: "Take the certificates of a machine or a person back, at once.",
    examples: [["A machine", "$0 node revoke spark01"], ["A person", "$0 client revoke alice"], ["One certificate, by its serial number", "$0 node revoke 6F0A…"]],
  });

  name = Option.String({ required: true });

  async execute(): Promise<number> {
    const subject = this.name.includes(":") || /^[0-9A-Fa-f]{32}$/.test(this.name) ? this.name : `${this.path[0] ?? "node"}:${this.name}`;
    return this.withClient(async (client) => {
      const revoked = await client.enrolment.revoke(subject);
      if (this.json) this.printJson({ subject, revoked });
      else this.print(`${revoked} ${revoked === 1 ? "certificate" : "certificates"} of ${subject} ${revoked === 1 ? "is" : "are"} good no more\n`);
      return 0;
    });
  }
}
