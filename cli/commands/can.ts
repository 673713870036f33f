import { Command, Option } from "clipanion";
import { roles } from "../../core/domain/principal.js";
import { exitCodes } from "../../core/errors/reasons.js";
import { ClientCommand } from "../dispatch-command.js";
import { parseChoice } from "../parse-choice.js";

export class CanCommand extends ClientCommand {
  static override paths = [["can"]];
  static override usage = Command.Usage({
    description: "Explain whether somebody may do something, and why. Nothing is done.",
    examples: [["May alice send there?", "$0 can client:alice send spark01/work:agent"]],
  });

  subject = Option.String({ required: true });
  role = Option.String({ required: true });
  target = Option.String({ required: false });
  server = Option.String("--server", { description: "tmux server of the target: socket path or -L name." });

  async execute(): Promise<number> {
    const role = parseChoice(this.role, roles, "ROLE");
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const address = this.target === undefined ? undefined : client.address(parseAddress(this.target, { server: resolveTmuxServer(this.server) }));
      const decisions = await client.access.explain(this.subject, role, address);
      const allowed = decisions.every((one) => one.allowed);
      if (this.json) this.printJson({ allowed, decisions });
      else this.print(`${allowed ? "yes" : "no"}\n${decisions.map((one) => `  ${one.by}: ${one.allowed ? "yes" : "no"}, ${one.why}\n`).join("")}`);
      return allowed ? exitCodes.success : exitCodes.denied;
    });
  }
}
