import { Command, Option } from "clipanion";
import { roles } from "../../core/domain/principal.js";
import { ClientCommand } from "../dispatch-command.js";
import { printToken } from "../output/token-text.js";
import { parseChoice } from "../parse-choice.js";
import { parseDuration } from "../parse-duration.js";

export class ClientTokenCommand extends ClientCommand {
  static override paths = [["client", "token"]];
  static override usage = Command.Usage({
    description: "Make a token with which one person or program can use the fleet from another machine.",
    details: "What it may do can be narrowed to machines, targets and agents with `grants` in the configuration (docs/fleet.md).",
    examples: [["Somebody who may send", "$0 client token --name alice --role send"]],
  });

  name = Option.String("--name", { description: "The only name that it may take." });
  role = Option.String("--role", { description: `What it may do: ${roles.join(", ")}; several with commas between.` });
  ttl = Option.String("--ttl", { description: "How long the token is good for, 1 minute to 7 days (default 1h)." });
  address = Option.String("--address", { description: "host:port of the coordinator as the machine will reach it (default: where it listens)." });

  async execute(): Promise<number> {
    const granted = (this.role ?? "").split(",").filter((word) => word !== "").map((word) => parseChoice(word.trim(), roles, "--role"));
    const lifeMs = this.ttl === undefined ? undefined : parseDuration(this.ttl, "--ttl");
    return this.withClient(async (client) => {
      const made = await client.enrolment.createToken({ kind: "client", name: this.name, roles: granted, lifeMs, address: this.address });
      if (this.json) this.printJson(made);
      else printToken(made, (text) => this.print(text), (text) => this.notice(text));
      return 0;
    });
  }
}
