import { Command, Option } from "clipanion";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { reasons } from "../../core/errors/reasons.js";
import { ClientCommand } from "../dispatch-command.js";
import { triageText } from "../output/triage-text.js";

export class TriageCommand extends ClientCommand {
  static override paths = [["triage"]];
  static override usage = Command.Usage({
    description: "Tell what is wrong with a pane, and what would be safe to do with a prompt.",
    details: "Looks only; types nothing. Exit code 0 where a prompt can go in, else that of the refusal.",
    examples: [["One pane", "$0 triage --to work:agent"]],
  });

  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  noQueue = Option.Boolean("--no-queue", false, { description: "A busy agent: do not count its own queue as a way." });
  noExcerpt = Option.Boolean("--no-excerpt", false, { description: "Without the end of the screen." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const { to } = this;
    if (to === undefined) throw new DispatchError("invalid_argument", "--to is missing: name the target, such as --to work:1.0.", { metadata: { field: "--to" } });
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer, triageJson } = await import("../../sdk/index.js");
      const target = parseAddress(to, { machine: this.machine, server: resolveTmuxServer(this.server) });
      const found = await client.triage({ target, allowQueue: !this.noQueue, ...(this.noExcerpt && { excerptChars: 0 }) });
      if (this.json) this.printJson(triageJson(found));
      else this.print(triageText(found));
      return found.action.kind === "refuse" ? reasons[found.action.reasonCode].exitCode : 0;
    });
  }
}
