import { Command, Option } from "clipanion";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DispatchCommand } from "../dispatch-command.js";

export class JoinCommand extends DispatchCommand {
  static override paths = [["join"]];
  static override usage = Command.Usage({
    description: "Join a fleet with a token.",
    details: "A key is made here and never leaves this machine. With `-` the token is read from standard input, so that it stands in no list of processes.",
    examples: [["A machine with agents", "$0 join - --listen 10.0.0.5:7411"], ["Somebody who sends, with a token that names alice", "$0 join -"]],
  });

  token = Option.String({ required: true });
  name = Option.String("--name", { description: "Name in the fleet (default: that of the token, else machine of the configuration)." });
  listen = Option.String("--listen", { description: "Of a machine with agents: host:port at which it takes calls of the coordinator." });

  async execute(): Promise<number> {
    const { config } = await this.loadConfig();
    const { joinFleet } = await import("../../sdk/enrolment/index.js");
    const token = this.token === "-" ? await this.#readToken() : this.token;
    const joined = await joinFleet(config, token, { name: this.name, listen: this.listen });
    if (this.json) this.printJson(joined);
    else this.print(`This machine is ${joined.kind}:${joined.name} of the fleet ${joined.fleet}.\n  ${nextStep(joined.kind, this.listen ?? config.nodeListen)}\n`);
    return 0;
  }

  /** One line: who pastes it at a terminal presses Enter and is done. */
  async #readToken(): Promise<string> {
    if (process.stdin.isTTY) this.notice("paste the token, then press Enter");
    const lines = createInterface({ input: process.stdin });
    const [line = ""] = (await Promise.race([once(lines, "line"), once(lines, "close")])) as [string?];
    lines.close();
    return line;
  }
}

function nextStep(kind: string, listen: string | undefined): string {
  if (kind === "client") return "Commands of this user go to its coordinator from now on: try `dispatch nodes`.";
  if (listen === undefined) return "Say at which host:port it takes calls (nodeListen in the configuration), then start it with `dispatch daemon restart` or `dispatch-node`.";
  return "Start it with `dispatch daemon restart`, or with `dispatch-node`: it then registers with its coordinator.";
}
