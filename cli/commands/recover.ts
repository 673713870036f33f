import { Command, Option } from "clipanion";
import { deliveryExitCode } from "../../core/errors/delivery-exit-code.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { reasons } from "../../core/errors/reasons.js";
import { defaultTimeoutMs } from "../../core/domain/delivery.js";
import type { DispatchClient, Recovery } from "../../sdk/index.js";
import { ClientCommand } from "../dispatch-command.js";
import { parseDuration } from "../parse-duration.js";
import { readPrompt } from "../prompt-input.js";

export class RecoverCommand extends ClientCommand {
  static override paths = [["recover"]];
  static override usage = Command.Usage({
    description: "Plan what would get an agent going again with a prompt; with --apply, do it.",
    details: "Applied by a normal send, never forced: not over a draft, not through a question. Without --apply nothing is typed.",
    examples: [["See the plan", "$0 recover --to work:agent --prompt 'go on'"], ["Do it", "$0 recover --to work:agent --prompt 'go on' --apply"]],
  });

  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  prompt = Option.String("-p,--prompt", { description: "The prompt." });
  file = Option.String("-f,--file", { description: "File that holds the prompt." });
  apply = Option.Boolean("--apply", false, { description: "Send it, where that is safe." });
  noQueue = Option.Boolean("--no-queue", false, { description: "A busy agent: do not use its own queue." });
  key = Option.String("--key", { description: "Idempotency key: the same key again never types twice." });
  timeout = Option.String("--timeout", { description: "Time for the delivery, such as 30s (default 60s)." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const { to } = this;
    if (to === undefined) throw new DispatchError("invalid_argument", "--to is missing: name the target, such as --to work:1.0.", { metadata: { field: "--to" } });
    const timeoutMs = this.timeout === undefined ? defaultTimeoutMs("refuse") : parseDuration(this.timeout, "--timeout");
    const prompt = await readPrompt({ prompt: this.prompt, file: this.file, stdin: process.stdin, notice: (line) => this.notice(line) }, timeoutMs);
    return this.withClient(async (client) => this.#recover(client, to, prompt, timeoutMs));
  }

  async #recover(client: DispatchClient, to: string, prompt: string, timeoutMs: number): Promise<number> {
    const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
    const target = parseAddress(to, { machine: this.machine, server: resolveTmuxServer(this.server) });
    const done = await client.recover({ target, prompt, apply: this.apply, allowQueue: !this.noQueue, key: this.key, timeoutMs });
    await this.#show(done);
    if (done.delivery) return deliveryExitCode(done.delivery);
    const { action } = done.triage;
    return action.kind === "refuse" ? reasons[action.reasonCode].exitCode : 0;
  }

  async #show(recovery: Recovery): Promise<void> {
    const { recoveryJson } = await import("../../sdk/index.js");
    if (this.json) this.printJson(recoveryJson(recovery));
    else this.print(`${recovery.status}  ${recovery.triage.target.machine}/${recovery.triage.target.target}: ${recovery.detail}\n`);
  }
}
