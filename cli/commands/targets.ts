import { Command, Option } from "clipanion";
import type { DetectedTarget } from "../../core/domain/detection.js";
import type { UnansweredMachine } from "../../core/domain/fleet.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { DispatchClient } from "../../sdk/index.js";
import { ClientCommand } from "../dispatch-command.js";
import { targetJson } from "../../sdk/json/target-json.js";
import { WriteStream } from "node:tty";
import { environment } from "../../core/config/environment.js";
import { systemClock } from "../../core/clock.js";
import { selects } from "../../core/domain/selector.js";
import { parseCount } from "../parse-count.js";
import { parseSelector } from "../parse-selector.js";
import { targetDetails, targetTable } from "../output/target-text.js";

/** Changes within this time make one table. */
const togetherMs = 20;

export class TargetsCommand extends ClientCommand {
  static override paths = [["targets"]];
  static override usage = Command.Usage({
    description: "List panes and what is in them, or look at one.",
    examples: [["All panes", "$0 targets"], ["One pane, with the evidence", "$0 targets work:1.0"]],
  });

  target = Option.String({ required: false });
  select = Option.String("--select", { description: "Only what fits, such as agent=claude,state=idle,session='rel-*'." });
  limit = Option.String("-n,--limit", { description: "At most so many." });
  watch = Option.Boolean("--watch", false, { description: "Again whenever something changes, until ctrl-C. With --json one list a line." });
  server = Option.String("--server", { description: "Only this tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Only this machine." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      if (this.target === undefined) {
        if (this.watch) return this.#watchAll(client);
        this.#show(await this.#list(client));
        return 0;
      }
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const found = await client.detect(parseAddress(this.target, { machine: this.machine, server: resolveTmuxServer(this.server) }));
      if (this.json) this.printJson(targetJson(found));
      else this.print(targetDetails(found));
      return 0;
    });
  }

  #show(all: readonly DetectedTarget[]): void {
    const limit = parseCount(this.limit, "--limit") || Number.POSITIVE_INFINITY;
    const selector = this.select === undefined ? {} : parseSelector(this.select);
    const found = all.filter((target) => selects(selector, target, environment["HOME"] ?? "")).slice(0, limit);
    if (this.json && this.watch) this.print(`${JSON.stringify(found.map(targetJson))}\n`);
    else if (this.json) this.printJson(found.map(targetJson));
    else this.print(targetTable(found, systemClock.now()));
  }

  /** The whole table again after each change; changes that come together make one table. */
  async #watchAll(client: DispatchClient): Promise<number> {
    const panes = new Map<string, DetectedTarget>();
    let printing: (() => void) | undefined;
    return this.untilInterrupted(async (signal) => {
      for await (const { gone, ...found } of client.watch(undefined, { signal })) {
        const name = [found.target.machine, found.target.server, found.target.paneId].join(" ");
        if (gone) panes.delete(name);
        else panes.set(name, found);
        printing ??= systemClock.after(togetherMs, () => {
          printing = undefined;
          if (this.context.stdout instanceof WriteStream) this.print("\u001B[H\u001B[J");
          this.#show([...panes.values()]);
        });
      }
    });
  }

  /** Where no server is named: those that the nodes find, and the one that we run in, which they may not know of. */
  async #list(client: DispatchClient): Promise<DetectedTarget[]> {
    const machine = this.machine ?? "";
    const onUnanswered = ({ machine: name, detail }: UnansweredMachine): void => this.notice(`${name} is not in the list: ${detail}`);
    if (this.server !== undefined) return client.targets({ machine, server: this.server, onUnanswered });
    const found = await client.targets({ machine, onUnanswered });
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
