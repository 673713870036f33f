import { Command, Option } from "clipanion";
import { defaultTimeoutMs, type Delivery, type DeliveryUpdate, type OnBusy } from "../../core/domain/delivery.js";
import { hasEnded } from "../../core/domain/delivery-progress.js";
import { deliveryExitCode } from "../../core/errors/delivery-exit-code.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { exitCodes } from "../../core/errors/reasons.js";
import type { DispatchClient, SendRequest } from "../../sdk/index.js";
import { ClientCommand } from "../dispatch-command.js";
import { onInterrupt } from "../on-interrupt.js";
import { deliveryJson, stepJson } from "../../sdk/json/delivery-json.js";
import { stepLine, verdict } from "../output/delivery-text.js";
import { parseChoice } from "../parse-choice.js";
import { parseDuration } from "../parse-duration.js";
import { readPrompt } from "../prompt-input.js";

export class SendCommand extends ClientCommand {
  static override paths = [["send"]];
  static override usage = Command.Usage({
    description: "Send a prompt to an agent and prove that it has it.",
    details: "The text is --prompt, then --file, then standard input, with a blank line between those that are there. Exit codes are in docs/errors.md.",
    examples: [
      ["Send a prompt", "$0 send --to work:agent --prompt 'run the tests'"],
      ["Send a question about a diff", "git diff | $0 send --to work:1.0 --prompt 'Review this:'"],
    ],
  });

  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  prompt = Option.String("-p,--prompt", { description: "The prompt." });
  file = Option.String("-f,--file", { description: "File that holds the prompt." });
  key = Option.String("--key", { description: "Idempotency key: the same key again joins or replays, and never types twice." });
  wait = Option.String("--wait", "delivered", { description: "How far to wait: accepted, delivered or finished." });
  timeout = Option.String("--timeout", { description: "Time for the whole delivery, such as 30s (default 60s; with --when-idle 24h)." });
  queue = Option.Boolean("--queue", false, { description: "A busy agent: use its own queue." });
  steer = Option.Boolean("--steer", false, { description: "A busy agent: put the text into the running turn, where it can." });
  whenIdle = Option.Boolean("--when-idle", false, { description: "A busy agent: keep the prompt until it is idle." });
  onDraft = Option.String("--on-draft", "wait", { description: "Somebody's draft in the composer: wait, refuse or stash." });
  strict = Option.Boolean("--strict", false, { description: "Refuse instead of changing the text." });
  command = Option.Boolean("--command", false, { description: "The text is a command of the agent, such as /compact." });
  dryRun = Option.Boolean("--dry-run", false, { description: "Look at everything, type nothing." });
  noSubmit = Option.Boolean("--no-submit", false, { description: "Type it and leave it in the composer." });
  events = Option.Boolean("--events", false, { description: "Print each step as a line of JSON, the result last." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name (default: that of $TMUX, else tmux's default)." });
  machine = Option.String("--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const request = await this.#request();
    return this.withClient(async (client) => {
      const stop = new AbortController();
      const forget = onInterrupt(() => stop.abort());
      const run = client.send({ ...request, signal: stop.signal });
      try {
        let first: Date | undefined;
        for await (const update of run) this.#show(update, (first ??= update.at));
        return this.#conclude(await run);
      } catch (error) {
        if (stop.signal.aborted) return await this.#interrupted(client, run.key);
        throw error;
      } finally {
        forget();
      }
    });
  }

  /** Cancels what was not typed yet; says how far the rest has come. */
  async #interrupted(client: DispatchClient, key: string): Promise<number> {
    const { delivery, cancelled } = await client.cancel(key);
    const code = this.#conclude(delivery);
    if (cancelled || hasEnded(delivery.status)) return code;
    this.context.stderr.write(`dispatch: interrupted, but it goes on; follow it with \`dispatch show ${delivery.id}\`.\n`);
    return exitCodes.unconfirmed;
  }

  async #request(): Promise<SendRequest> {
    if (this.to === undefined) throw new DispatchError("invalid_argument", "--to is missing: name the target, such as --to work:1.0.", { metadata: { field: "--to" } });
    const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
    const onBusy = this.#onBusy();
    const timeoutMs = this.timeout === undefined ? defaultTimeoutMs(onBusy) : parseDuration(this.timeout, "--timeout");
    return {
      target: parseAddress(this.to, { machine: this.machine, server: resolveTmuxServer(this.server) }),
      onBusy,
      onDraft: parseChoice(this.onDraft, ["wait", "refuse", "stash"], "--on-draft"),
      waitFor: parseChoice(this.wait, ["delivered", "finished", "accepted"], "--wait"),
      timeoutMs,
      key: this.key,
      prompt: await readPrompt({ prompt: this.prompt, file: this.file, stdin: process.stdin, notice: (text) => this.notice(text) }, timeoutMs),
      dryRun: this.dryRun,
      noSubmit: this.noSubmit,
      command: this.command,
      strict: this.strict,
    };
  }

  #onBusy(): OnBusy {
    const asked = ([["queue", this.queue], ["steer", this.steer], ["when_idle", this.whenIdle]] as const).filter(([, given]) => given);
    if (asked.length > 1) throw new DispatchError("invalid_argument", "Only one of --queue, --steer and --when-idle can be given.", { metadata: { field: "--queue" } });
    return asked[0]?.[0] ?? "refuse";
  }

  #show(update: DeliveryUpdate, first: Date): void {
    if (this.events) this.print(`${JSON.stringify({ event: "step", ...stepJson(update) })}\n`);
    else if (!this.json) this.print(`${stepLine(update, first)}\n`);
  }

  /** Prints the result; returns the exit code. */
  #conclude(delivery: Delivery): number {
    if (this.events) this.print(`${JSON.stringify({ event: "result", ...deliveryJson(delivery) })}\n`);
    else if (this.json) this.printJson(deliveryJson(delivery));
    else this.print(verdict(delivery));
    return deliveryExitCode(delivery);
  }
}
