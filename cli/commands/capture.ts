import { Command, Option } from "clipanion";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { ClientCommand } from "../dispatch-command.js";
import { capturedJson } from "../../sdk/json/target-json.js";
import { parseCount } from "../parse-count.js";

export class CaptureCommand extends ClientCommand {
  static override paths = [["capture"]];
  static override usage = Command.Usage({
    description: "Print the text of a pane.",
    examples: [["The last 50 lines", "$0 capture --to work:1.0 --lines 50"]],
  });

  target = Option.String({ required: false });
  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  lines = Option.String("-n,--lines", { description: "Lines from the end, 1 to 2000 (default 200)." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name." });
  machine = Option.String("--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const named = this.to ?? this.target;
    if (named === undefined) throw new DispatchError("invalid_argument", "--to is missing: name the target, such as --to work:1.0.", { metadata: { field: "--to" } });
    const lines = parseCount(this.lines, "--lines");
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const address = parseAddress(named, { machine: this.machine, server: resolveTmuxServer(this.server) });
      const captured = await client.capture(address, { lines });
      if (this.json) this.printJson(capturedJson(captured));
      else this.print(captured.text.endsWith("\n") || captured.text === "" ? captured.text : `${captured.text}\n`);
      return 0;
    });
  }
}
