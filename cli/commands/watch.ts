import { Command, Option } from "clipanion";
import type { WatchEvent } from "../../core/domain/watch-event.js";
import { ClientCommand } from "../dispatch-command.js";
import { targetJson } from "../../sdk/json/target-json.js";

export class WatchCommand extends ClientCommand {
  static override paths = [["watch"]];
  static override usage = Command.Usage({
    description: "Print the state of panes, now and whenever it changes. With --json one object a line.",
    examples: [["All panes", "$0 watch"], ["One pane", "$0 watch work:1.0"]],
  });

  target = Option.String({ required: false });
  server = Option.String("--server", { description: "tmux server of the target: socket path or -L name." });
  machine = Option.String("--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const target = this.target === undefined ? undefined : parseAddress(this.target, { machine: this.machine, server: resolveTmuxServer(this.server) });
      return this.untilInterrupted(async (signal) => {
        for await (const event of client.watch(target, { signal })) this.#show(event);
      });
    });
  }

  #show(event: WatchEvent): void {
    if (this.json) return this.print(`${JSON.stringify({ at: event.detection.observedAt, gone: event.gone, ...targetJson(event) })}\n`);
    const { target, detection } = event;
    const state = event.gone ? "gone" : detection.state;
    this.print(`${detection.observedAt.toISOString()}  ${target.machine}/${target.target} ${target.paneId}  ${detection.agentKind}  ${state}${detection.activity ? `: ${detection.activity}` : ""}\n`);
  }
}
