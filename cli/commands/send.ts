import { Command, Option } from "clipanion";
import { defaultRetries, defaultTimeoutMs, onDraftWays, waitLevels, type OnBusy } from "../../core/domain/delivery.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { BulkSendRequest } from "../../sdk/index.js";
import { ClientCommand } from "../dispatch-command.js";
import { parseChoice } from "../parse-choice.js";
import { parseDuration } from "../parse-duration.js";
import { parseInteger } from "../parse-integer.js";
import { parseMilliseconds } from "../parse-milliseconds.js";
import { parseSelector } from "../parse-selector.js";
import { readPrompt } from "../prompt-input.js";
import { isPattern } from "../../core/domain/target-address.js";
import { withGoalPrefix } from "../../core/domain/goal-prefix.js";
import { configuredKeyDelayMs } from "../send/key-delay.js";
import { sendMany } from "../send/send-many.js";
import { sendOne } from "../send/send-one.js";

const maxMs = 3_600_000;

export class SendCommand extends ClientCommand {
  static override paths = [["send"]];
  static override usage = Command.Usage({
    description: "Send a prompt to an agent, or to many, and prove that they have it.",
    details: "The text is --prompt, then --file, then standard input, with a blank line between those that are there. Exit codes are in docs/errors.md.",
    examples: [
      ["Send a prompt", "$0 send --to work:agent --prompt 'run the tests'"],
      ["Send a question about a diff", "git diff | $0 send --to work:1.0 --prompt 'Review this:'"],
      ["Ask every idle Claude in a folder", "$0 send --select agent=claude,state=idle,cwd='~/work/*' --prompt 'status?'"],
    ],
  });

  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7; several with commas between, or with * and ? all that fit." });
  select = Option.String("--select", { description: "Every pane that fits, such as agent=claude,state=idle,cwd='~/work/*',session='rel-*'." });
  from = Option.String("--from", { description: "sessions-query: the panes that the sessions registry of --machine names." });
  sessionsQuery = Option.String("--sessions-query", { description: "Only sessions whose description holds this text." });
  prompt = Option.String("-p,--prompt", { description: "The prompt." });
  file = Option.String("-f,--file", { description: "File that holds the prompt." });
  goal = Option.Boolean("--goal", false, { description: "Send it as a goal of the agent (/goal …)." });
  key = Option.String("--key", { description: "Idempotency key: the same key again joins or replays, and never types twice." });
  wait = Option.String("--wait", { description: "How far to wait: accepted, submitted, delivered (the default) or finished, with the agent's answer." });
  timeout = Option.String("--timeout", { description: "Time for the whole delivery, such as 30s (default 60s; with --when-idle 24h)." });
  ifIdle = Option.Boolean("--if-idle", false, { description: "A busy agent: refuse (the default)." });
  queue = Option.Boolean("--queue", false, { description: "A busy agent: use its own queue." });
  steer = Option.Boolean("--steer", false, { description: "A busy agent: put the text into the running turn, where it can." });
  whenIdle = Option.Boolean("--when-idle", false, { description: "A busy agent: keep the prompt until it is idle." });
  forceActive = Option.Boolean("--force-active", false, { description: "A busy agent: type it and press Enter all the same; never through a dialog, never over a draft." });
  onDraft = Option.String("--on-draft", "wait", { description: "Somebody's draft in the composer: wait, refuse or stash." });
  strict = Option.Boolean("--strict", false, { description: "Refuse instead of changing the text." });
  command = Option.Boolean("--command", false, { description: "The text is a command of the agent, such as /compact." });
  dryRun = Option.Boolean("--dry-run", false, { description: "Look at everything, type nothing." });
  noSubmit = Option.Boolean("--no-submit", false, { description: "Type it and leave it in the composer." });
  noConfirm = Option.Boolean("--no-confirm", false, { description: "Come back when the key was pressed; `dispatch show` tells the proof (the same as --wait submitted)." });
  submitKey = Option.String("--submit-key", { description: "Enter or Tab instead of the key that the agent takes in its state." });
  delay = Option.String("--delay", { description: "At least this long between paste and key, in ms." });
  retries = Option.String("--retries", { description: "How often the key may be pressed again while the text is still parked (default 6)." });
  mode = Option.String("--mode", "auto", { description: "auto or paste: one bracketed paste; literal: as single keys, one line only." });
  captureBefore = Option.String("--capture-before", { description: "Bring back so many lines of the pane, redacted, as they were before." });
  maxConcurrency = Option.String("--max-concurrency", { description: "Many targets: so many at once, 1 to 100 (default 10)." });
  perMachineLimit = Option.String("--per-machine-limit", { description: "Many targets: so many at once on one machine (default: --max-concurrency)." });
  jitter = Option.String("--jitter", { description: "Many targets: each waits a random time of up to this, in ms." });
  stagger = Option.String("--stagger", { description: "Many targets: two start at least so far apart, in ms." });
  events = Option.Boolean("--events", false, { description: "Print each step as a line of JSON, the result last." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name (default: that of $TMUX, else tmux's default)." });
  machine = Option.String("-m,--machine", { description: "Machine of the targets; with * and ? all that fit." });

  /** Report as for many also where one target was found. */
  protected readonly alwaysMany: boolean = false;

  async execute(): Promise<number> {
    const request = await this.#request();
    const [only, ...others] = request.targets ?? [];
    const format = this.events ? "events" : this.json ? "json" : "text";
    const output = { format, print: (text: string) => this.print(text), notice: (text: string) => this.notice(text), progress: (text: string) => this.progress(text) } as const;
    const isOne = !this.alwaysMany && only !== undefined && others.length === 0 && !request.select && !request.sessions;
    return this.withClient((client) => (isOne && !isPattern(client.address(only)) ? sendOne(client, { ...request, target: only }, output) : sendMany(client, request, output)));
  }

  async #request(): Promise<BulkSendRequest> {
    const onBusy = this.#onBusy();
    const timeoutMs = this.timeout === undefined ? defaultTimeoutMs(onBusy) : parseDuration(this.timeout, "--timeout");
    const where = await this.#targets();
    const options = {
      onBusy, timeoutMs,
      onDraft: parseChoice(this.onDraft, onDraftWays, "--on-draft"),
      waitFor: this.#waitFor(),
      submitKey: this.submitKey === undefined ? "auto" as const : readSubmitKey(this.submitKey),
      mode: parseChoice(this.mode, ["auto", "paste", "literal"], "--mode") === "literal" ? "literal" as const : "paste" as const,
      retries: this.retries === undefined ? defaultRetries : parseInteger(this.retries, "--retries", { min: 0, max: 50 }),
      captureBeforeLines: this.captureBefore === undefined ? 0 : Math.min(parseInteger(this.captureBefore, "--capture-before", { min: 1, max: 999_999_999 }), 2000),
      limits: this.#limits(),
      minKeyDelayMs: this.delay === undefined ? 0 : Math.min(parseMilliseconds(this.delay, "--delay"), maxMs),
    };
    const text = await readPrompt({ prompt: this.prompt, file: this.file, stdin: process.stdin, notice: (line) => this.notice(line) }, timeoutMs);
    const prompt = this.goal ? withGoalPrefix(text) : text;
    const minKeyDelayMs = Math.max(options.minKeyDelayMs, configuredKeyDelayMs(prompt, (await this.loadConfig()).config));
    return { ...where, ...options, minKeyDelayMs, prompt, key: this.key, dryRun: this.dryRun, noSubmit: this.noSubmit, command: this.command || this.goal, strict: this.strict };
  }

  async #targets(): Promise<Pick<BulkSendRequest, "targets" | "select" | "sessions">> {
    const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
    const named = (this.to ?? "").split(",").map((word) => word.trim()).filter((word, _index, words) => word !== "" || (words.length === 1 && this.to !== undefined));
    if (this.from !== undefined) parseChoice(this.from, ["sessions-query"], "--from");
    else if (this.sessionsQuery !== undefined) throw usage("--sessions-query", "it is only for --from sessions-query.");
    if (named.length === 0 && this.select === undefined && this.from === undefined) throw new DispatchError("invalid_argument", "--to is missing: name the target, such as --to work:1.0, or select some with --select.", { metadata: { field: "--to" } });
    const server = resolveTmuxServer(this.server);
    const everywhere = { ...(this.machine !== undefined && { machine: this.machine }), ...(this.server !== undefined && { server }) };
    return {
      targets: named.map((word) => parseAddress(word, { machine: this.machine, server })),
      select: this.select === undefined ? undefined : { ...everywhere, ...parseSelector(this.select) },
      sessions: this.from === undefined ? undefined : { machine: this.machine ?? "", query: this.sessionsQuery ?? "" },
    };
  }

  #limits(): NonNullable<BulkSendRequest["limits"]> {
    const limit = (text: string | undefined, option: string): number | undefined => (text === undefined ? undefined : parseInteger(text, option, { min: 1, max: 100 }));
    return {
      maxConcurrency: limit(this.maxConcurrency, "--max-concurrency"),
      perMachine: limit(this.perMachineLimit, "--per-machine-limit"),
      staggerMs: this.stagger === undefined ? undefined : Math.min(parseMilliseconds(this.stagger, "--stagger"), maxMs),
      jitterMs: this.jitter === undefined ? undefined : Math.min(parseMilliseconds(this.jitter, "--jitter"), maxMs),
    };
  }

  #waitFor(): "accepted" | "submitted" | "delivered" | "finished" {
    if (this.noConfirm && this.wait !== undefined) throw usage("--no-confirm", "it cannot be given with --wait.");
    if (this.noConfirm) return "submitted";
    return parseChoice(this.wait ?? "delivered", waitLevels, "--wait");
  }

  #onBusy(): OnBusy {
    const asked = ([["queue", this.queue], ["steer", this.steer], ["when_idle", this.whenIdle], ["force", this.forceActive], ["refuse", this.ifIdle]] as const).filter(([, given]) => given);
    if (asked.length > 1) throw usage("--queue", "only one of --if-idle, --queue, --steer, --when-idle and --force-active can be given.");
    return asked[0]?.[0] ?? "refuse";
  }
}

/** The same, for whoever thinks of many targets: the report is always that of a bulk. */
export class BulkCommand extends SendCommand {
  static override paths = [["bulk"]];
  static override usage = Command.Usage({
    description: "Send one prompt to many agents, within limits.",
    details: "Everything that `dispatch send` knows; the report is always that of many targets, also where only one was found.",
    examples: [["Every idle agent of two kinds of session", "$0 bulk --select state=idle,session='rel-*' --prompt 'status?' --max-concurrency 20 --jitter 500"]],
  });

  protected override readonly alwaysMany = true;
}

/** `Enter`, `return` or `TAB`, as people write them. */
function readSubmitKey(text: string): "enter" | "tab" {
  const word = text.trim().toLowerCase();
  return parseChoice(word === "return" ? "enter" : word, ["enter", "tab"], "--submit-key");
}

function usage(field: string, detail: string): DispatchError {
  return new DispatchError("invalid_argument", `${field}: ${detail}`, { metadata: { field } });
}
