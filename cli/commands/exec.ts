import { Command, Option } from "clipanion";
import type { Delivery } from "../../core/domain/delivery.js";
import type { ExecPolicy } from "../../core/domain/exec.js";
import { deliveryExitCode } from "../../core/errors/delivery-exit-code.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { exitCodes } from "../../core/errors/reasons.js";
import type { ExecRun } from "../../sdk/index.js";
import { deliveryJson } from "../../sdk/json/delivery-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { onInterrupt } from "../on-interrupt.js";
import { stepLine, verdict } from "../output/delivery-text.js";
import { parseDuration } from "../parse-duration.js";
import { readNamedFile } from "../read-named-file.js";

export class ExecCommand extends ClientCommand {
  static override paths = [["exec"]];
  static override usage = Command.Usage({
    description: "Run one reviewed command in a pane that shows a shell.",
    details: "One simple command, or cd PATH && COMMAND, of words that stand for themselves. A live command needs a policy file that names the pane; docs/exec.md has the rules and the codes.",
    examples: [
      ["What would be typed", "$0 exec --to work:1.0 --command 'git status' --dry-run"],
      ["Run it, and bring back what it prints", "$0 exec --to work:1.0 --command 'npm test' --allow policy.json --wait"],
    ],
  });

  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  command = Option.String("-c,--command", { description: "The command." });
  allow = Option.String("--allow", { description: "Policy file: allowPrefixes, allowTargets, allowGitResetHardPaths." });
  dryRun = Option.Boolean("--dry-run", false, { description: "Judge it and show what would be typed; type nothing." });
  forceInterrupt = Option.Boolean("--force-interrupt", false, { description: "Press C-c first, which gives up what is typed at the prompt." });
  wait = Option.Boolean("--wait", false, { description: "Follow the command to its end and print its output, redacted." });
  timeout = Option.String("--timeout", { description: "How long it may take, such as 90s (default 60s)." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const [to, command] = [required(this.to, "--to", "name the target, such as --to work:1.0"), required(this.command, "--command", "give the command, such as --command 'git status'")];
    const timeoutMs = this.timeout === undefined ? undefined : parseDuration(this.timeout, "--timeout");
    const policy = this.allow === undefined ? undefined : await readPolicy(this.allow);
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const target = parseAddress(to, { machine: this.machine, server: resolveTmuxServer(this.server) });
      const stop = new AbortController();
      const forget = onInterrupt(() => stop.abort());
      try {
        const { dryRun, forceInterrupt, wait } = this;
        return await this.#tell(client.exec({ target, command, policy, dryRun, forceInterrupt, wait, timeoutMs, signal: stop.signal }));
      } finally {
        forget();
      }
    });
  }

  /** Prints the steps as they come, then what became of it. */
  async #tell(run: ExecRun): Promise<number> {
    let began: Date | undefined;
    for await (const update of run) {
      began ??= update.at;
      if (!this.json) this.print(`${stepLine(update, began)}\n`);
    }
    const delivery = await run;
    if (this.json) this.printJson(deliveryJson(delivery));
    else this.print(verdict(delivery) + planLines(delivery) + outputLines(delivery));
    if (delivery.status !== "delivered" || delivery.reason === "") return deliveryExitCode(delivery);
    // The line was taken, but its end was not seen.
    return delivery.reason === "deadline_exceeded" ? exitCodes.expired : exitCodes.unconfirmed;
  }
}

function planLines({ exec, status }: Delivery): string {
  if (!exec?.code || status !== "dry_run") return "";
  const lines = [...(exec.interrupt ? ["  would send C-c"] : []), `  would paste ${JSON.stringify(exec.pasteText)}`, "  would send Enter"];
  return `${lines.join("\n")}\n`;
}

function outputLines({ exec }: Delivery): string {
  return exec?.output ? `\n${exec.output}\n` : "";
}

/** A policy that comes through a pipe (`<(…)`) may take a moment. */
const policyMs = 10_000;

async function readPolicy(path: string): Promise<ExecPolicy> {
  const text = (await readNamedFile(path, "The policy file", "--allow", policyMs)).toString("utf8");
  const { parsePolicy } = await import("../../core/exec/policy-schema.js");
  return parsePolicy(text, path);
}

function required(value: string | undefined, option: string, advice: string): string {
  if (value !== undefined) return value;
  throw new DispatchError("invalid_argument", `${option} is missing: ${advice}.`, { metadata: { field: option } });
}
