import { Command, Option } from "clipanion";
import type { DetectedTarget } from "../../core/domain/detection.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { DispatchClient } from "../../sdk/index.js";
import { ClientCommand } from "../dispatch-command.js";
import { targetJson } from "../../sdk/json/target-json.js";
import { targetDetails, targetTable } from "../output/target-text.js";

export class TargetsCommand extends ClientCommand {
  static override paths = [["targets"]];
  static override usage = Command.Usage({
    description: "List panes and what is in them, or look at one.",
    examples: [["All panes", "$0 targets"], ["One pane, with the evidence", "$0 targets work:1.0"]],
  });

  target = Option.String({ required: false });
  server = Option.String("--server", { description: "Only this tmux server: socket path or -L name." });
  machine = Option.String("--machine", { description: "Only this machine." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      if (this.target === undefined) {
        const found = await this.#list(client);
        if (this.json) this.printJson(found.map(targetJson));
        else this.print(targetTable(found));
        return 0;
      }
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const found = await client.detect(parseAddress(this.target, { machine: this.machine, server: resolveTmuxServer(this.server) }));
      if (this.json) this.printJson(targetJson(found));
      else this.print(targetDetails(found));
      return 0;
    });
  }

  /** Where no server is named: those that the nodes find, and the one that we run in, which they may not know of. */
  async #list(client: DispatchClient): Promise<DetectedTarget[]> {
    const machine = this.machine ?? "";
    if (this.server !== undefined) return client.targets({ machine, server: this.server });
    const found = await client.targets({ machine });
    const { resolveTmuxServer } = await import("../../sdk/index.js");
    const ours = resolveTmuxServer(undefined);
    if (machine !== "" || found.some(({ target }) => target.server === ours)) return found;
    try {
      return [...(await client.targets({ server: ours })), ...found];
    } catch (error) {
      if (error instanceof DispatchError && error.reason === "no_tmux_server") return found;
      throw error;
    }
  }
}
