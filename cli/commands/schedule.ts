import { Command, Option } from "clipanion";
import type { OnBusy } from "../../core/domain/delivery.js";
import { catchUpPolicies, overlapPolicies, type SchedulePolicy } from "../../core/domain/schedule.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { ScheduleRequest, TimingRequest } from "../../sdk/index.js";
import { scheduleJson } from "../../sdk/json/schedule-json.js";
import { ClientCommand } from "../dispatch-command.js";
import { scheduleDetails } from "../output/schedule-text.js";
import { parseChoice } from "../parse-choice.js";
import { parseInteger } from "../parse-integer.js";
import { parseSelector } from "../parse-selector.js";
import { readPrompt } from "../prompt-input.js";
import { withGoalPrefix } from "../../core/domain/goal-prefix.js";

const promptMs = 60_000;
const maxCount = 999_999_999;

/** What `schedule`, `loop` and `edit` have in common: what is sent, where, and by which rules. */
export abstract class ScheduleCommandBase extends ClientCommand {
  to = Option.String("-t,--to", { description: "Target, looked for when it fires: session:window.pane, machine/… or a pane id; several with commas between." });
  select = Option.String("--select", { description: "Every pane that fits when it fires, such as agent=claude,state=idle,session='rel-*'." });
  from = Option.String("--from", { description: "sessions-query: the panes that the sessions registry of --machine names when it fires." });
  sessionsQuery = Option.String("--sessions-query", { description: "Only sessions whose description holds this text." });
  prompt = Option.String("-p,--prompt", { description: "The prompt." });
  file = Option.String("-f,--file", { description: "File that holds the prompt; read now." });
  goal = Option.Boolean("--goal", false, { description: "Send it as a goal of the agent (/goal …)." });
  name = Option.String("--name", { description: "A name, to be used in place of the id." });
  tz = Option.String("--tz", { description: "Time zone of plain times and of --cron, such as Europe/Bucharest (default: that of this shell)." });
  jitter = Option.String("--jitter", { description: "Start each run up to so much later, such as 2m." });
  start = Option.String("--start", { description: "No run before this time." });
  end = Option.String("--end", { description: "No run after this time." });
  maxRuns = Option.String("--max-runs", { description: "Over after so many runs." });
  overlap = Option.String("--overlap", { description: "A run while the one before is under way: skip (the default), queue_one or allow." });
  catchUp = Option.String("--catch-up", { description: "Runs that were missed: none, last (the default) or all; alone it lets --at name a past time, to run now." });
  catchUpWindow = Option.String("--catch-up-window", { description: "How late a missed run may still start (default: 1h for one-shots, one cadence for others)." });
  retryEvery = Option.String("--retry-every", { description: "Time between two tries where nothing was typed (default 1m)." });
  retryFor = Option.String("--retry-for", { description: "How long it is tried again (default: 1h for one-shots, not at all for others)." });
  pauseAfter = Option.String("--pause-after", { description: "Pause after so many failures in a row." });
  ifIdle = Option.Boolean("--if-idle", false, { description: "A busy agent: refuse (the default)." });
  queue = Option.Boolean("--queue", false, { description: "A busy agent: use its own queue." });
  whenIdle = Option.Boolean("--when-idle", false, { description: "A busy agent: keep the prompt until it is idle." });
  forceActive = Option.Boolean("--force-active", false, { description: "A busy agent: type it and press Enter all the same; never through a dialog, never over a draft." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name (default: that of $TMUX, else tmux's default)." });
  machine = Option.String("-m,--machine", { description: "Machine of the targets." });

  protected async targets(): Promise<Pick<ScheduleRequest, "targets" | "select" | "sessions">> {
    const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
    const named = (this.to ?? "").split(",").map((word) => word.trim()).filter((word) => word !== "");
    if (this.from !== undefined) parseChoice(this.from, ["sessions-query"], "--from");
    const server = resolveTmuxServer(this.server);
    return {
      targets: named.map((word) => parseAddress(word, { machine: this.machine, server })),
      select: this.select === undefined ? undefined : { ...(this.machine !== undefined && { machine: this.machine }), ...parseSelector(this.select) },
      sessions: this.from === undefined ? undefined : { machine: this.machine ?? "", query: this.sessionsQuery ?? "" },
    };
  }

  protected namesTarget(): boolean {
    return this.to !== undefined || this.select !== undefined || this.from !== undefined;
  }

  protected async readText(): Promise<string> {
    const text = await readPrompt({ prompt: this.prompt, file: this.file, stdin: process.stdin, notice: (line) => this.notice(line) }, promptMs);
    return this.goal ? withGoalPrefix(text) : text;
  }

  protected async rules(): Promise<{ readonly policy: Partial<SchedulePolicy>; readonly jitterMs?: number; readonly maxRuns?: number; readonly catchUpPast: boolean }> {
    const { parseInterval } = await import("../../core/schedule/parse-interval.js");
    const window = (text: string, option: string): number => (text.trim() === "0" ? 0 : parseInterval(text, option));
    const catchUp = this.catchUp === undefined || this.catchUp === "now" ? undefined : parseChoice(this.catchUp, catchUpPolicies, "--catch-up");
    return {
      catchUpPast: this.catchUp !== undefined && this.catchUp !== "none",
      policy: {
        ...(this.overlap !== undefined && { overlap: parseChoice(this.overlap.replace("-", "_"), overlapPolicies, "--overlap") }),
        ...(catchUp && { catchUp }),
        ...(this.catchUpWindow !== undefined && { catchUpWindowMs: window(this.catchUpWindow, "--catch-up-window") }),
        ...(this.retryEvery !== undefined && { retryEveryMs: parseInterval(this.retryEvery, "--retry-every") }),
        ...(this.retryFor !== undefined && { retryWindowMs: window(this.retryFor, "--retry-for") }),
        ...(this.pauseAfter !== undefined && { pauseAfterFailures: parseInteger(this.pauseAfter, "--pause-after", { min: 0, max: maxCount }) }),
      },
      ...(this.jitter !== undefined && { jitterMs: window(this.jitter, "--jitter") }),
      ...(this.maxRuns !== undefined && { maxRuns: parseInteger(this.maxRuns, "--max-runs", { min: 0, max: maxCount }) }),
    };
  }

  protected onBusy(): OnBusy | undefined {
    const asked = ([["queue", this.queue], ["when_idle", this.whenIdle], ["force", this.forceActive], ["refuse", this.ifIdle]] as const).filter(([, given]) => given);
    if (asked.length > 1) throw usage("--queue", "only one of --if-idle, --queue, --when-idle and --force-active can be given.");
    return asked[0]?.[0];
  }
}

/** Makes a schedule of what its options say. */
abstract class CreateScheduleCommand extends ScheduleCommandBase {
  protected abstract timing(): TimingRequest;

  async execute(): Promise<number> {
    const { readTiming } = await import("../../sdk/schedules.js");
    // A slip in the timing is told before standard input is waited for.
    const { checkedTimeZone, localTimeZone } = await import("../../core/schedule/zoned-time.js");
    const { systemClock } = await import("../../core/clock.js");
    readTiming(this.timing(), { timeZone: checkedTimeZone(this.tz ?? localTimeZone()), now: systemClock.now() });
    if (!this.namesTarget()) throw usage("--to", "it is missing: name the target, such as --to work:1.0, or select some with --select.");
    const { catchUpPast, ...rules } = await this.rules();
    const onBusy = this.onBusy();
    const request: ScheduleRequest = {
      ...this.timing(), ...(await this.targets()), ...rules, prompt: await this.readText(), name: this.name, timeZone: this.tz, start: this.start, end: this.end,
      ...(onBusy && { onBusy }), command: this.goal,
    };
    return this.withClient(async (client) => {
      const { schedule, warnings } = await client.schedules.create(request, { catchUp: catchUpPast });
      for (const warning of warnings) this.notice(warning);
      if (this.json) this.printJson(scheduleJson(schedule));
      else this.print(scheduleDetails(schedule));
      return 0;
    });
  }
}

export class ScheduleCommand extends CreateScheduleCommand {
  static override paths = [["schedule"]];
  static override usage = Command.Usage({
    description: "Send a prompt later, once or again and again.",
    details: "Give exactly one of --at, --in, --cron and --every. The text is --prompt, then --file, then standard input. docs/schedules.md tells what happens around clock changes, crashes and closed laptops.",
    examples: [
      ["Every weekday at nine", "$0 schedule --to work:agent --cron '0 9 * * MON-FRI' --tz Europe/Bucharest --prompt 'status?'"],
      ["In half an hour", "$0 schedule --to work:agent --in 30m --prompt 'How far are you?'"],
    ],
  });

  at = Option.String("--at", { description: "Once, at this time: 2026-11-24T09:00:00+02:00, '2026-11-24 09:00' or 09:00 (the next one)." });
  in = Option.String("--in", { description: "Once, after so long: 30m, 1h30m, '5 minutes' or PT1H30M." });
  cron = Option.String("--cron", { description: "Minute, hour, day, month and weekday, or @daily and the like." });
  every = Option.String("--every", { description: "Again and again, so far apart; the first time after one interval." });

  protected override timing(): TimingRequest {
    return { at: this.at, in: this.in, cron: this.cron, every: this.every };
  }
}

export class LoopCommand extends CreateScheduleCommand {
  static override paths = [["loop"]];
  static override usage = Command.Usage({
    description: "Send a prompt again and again.",
    examples: [["Every five minutes, ten times", "$0 loop --to work:agent --every 5m --max-runs 10 --prompt 'Go on.'"]],
  });

  every = Option.String("--every", { description: "So far apart: 30m, 1h30m, '5 minutes' or PT1H30M; the first time after one interval." });

  protected override timing(): TimingRequest {
    if (this.every === undefined) throw usage("--every", "it is missing: say how far apart, such as --every 5m.");
    return { every: this.every };
  }
}

function usage(field: string, detail: string): DispatchError {
  return new DispatchError("invalid_argument", `${field}: ${detail}`, { metadata: { field } });
}
