import { Command, Option } from "clipanion";
import { deliveryExitCode } from "../../core/errors/delivery-exit-code.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { ClientCommand } from "../dispatch-command.js";
import { deliveryReport } from "../output/delivery-report.js";

export class KeyCommand extends ClientCommand {
  static override paths = [["key"]];
  static override usage = Command.Usage({
    description: "Press one key in an agent.",
    details: "Enter, Tab, Escape, Up, Down, Left, Right, Backspace, Delete, Home, End, PageUp or PageDown, in any case and the usual other spellings. Enter only where the composer is idle and empty: never on a question, never on a draft.",
    examples: [["Dismiss a menu", "$0 key --to work:agent --key Escape"]],
  });

  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  key = Option.String("-k,--key", { description: "The key." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const [to, key] = [required(this.to, "--to", "name the target, such as --to work:1.0"), required(this.key, "--key", "name the key, such as --key Escape")];
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const delivery = await client.key({ target: parseAddress(to, { machine: this.machine, server: resolveTmuxServer(this.server) }), key });
      this.print(deliveryReport(delivery, this));
      return deliveryExitCode(delivery);
    });
  }
}

function required(value: string | undefined, option: string, advice: string): string {
  if (value !== undefined) return value;
  throw new DispatchError("invalid_argument", `${option} is missing: ${advice}.`, { metadata: { field: option } });
}
