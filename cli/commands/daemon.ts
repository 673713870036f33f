import { Command, Option } from "clipanion";
import { exitCodes } from "../../core/errors/reasons.js";
import { DispatchCommand } from "../dispatch-command.js";
import { daemonFindings } from "../output/daemon-findings.js";
import { daemonJson, daemonText } from "../output/daemon-output.js";
import { parseChoice } from "../parse-choice.js";
import { manageService, serviceActions } from "../service/manage-service.js";

abstract class DaemonCommand extends DispatchCommand {
  protected async status() {
    const { daemonStatus } = await import("../../sdk/daemon/index.js");
    return daemonStatus((await this.loadConfig()).config);
  }
}

export class DaemonStatusCommand extends DaemonCommand {
  static override paths = [["daemon", "status"]];
  static override usage = Command.Usage({ description: "Tell whether the background process runs, and how it is. Starts nothing." });

  async execute(): Promise<number> {
    const status = await this.status();
    if (this.json) this.printJson(daemonJson(status));
    else this.print(daemonText(status));
    return exitCodes.success;
  }
}

export class DaemonEnsureCommand extends DaemonCommand {
  static override paths = [["daemon", "ensure"]];
  static override usage = Command.Usage({ description: "Start the background process, where it does not run." });

  async execute(): Promise<number> {
    const { ensureDaemon } = await import("../../sdk/daemon/index.js");
    const before = await this.status();
    const action = await ensureDaemon((await this.loadConfig()).config);
    const after = await this.status();
    const told = { action, ok: after.healthy, started: action === "started" || action === "restarted", alreadyRunning: before.running };
    if (this.json) this.printJson({ ...daemonJson(after), ...told, before: daemonJson(before), after: daemonJson(after) });
    else this.print(`${action}\n${daemonText(after)}`);
    return after.healthy ? exitCodes.success : exitCodes.failed;
  }
}

/** The same by its other name. */
export class DaemonStartCommand extends DaemonEnsureCommand {
  static override paths = [["daemon", "start"]];
}

export class DaemonRestartCommand extends DaemonCommand {
  static override paths = [["daemon", "restart"]];
  static override usage = Command.Usage({ description: "End the background process and start it again. What it had under way is taken up." });

  async execute(): Promise<number> {
    const { ensureDaemon, stopDaemon } = await import("../../sdk/daemon/index.js");
    const { config } = await this.loadConfig();
    const pid = await stopDaemon(config);
    await ensureDaemon(config);
    const after = await this.status();
    if (this.json) this.printJson({ action: "restarted", stopped: pid !== undefined, started: after.running, ok: after.healthy, pid: after.coordinator?.pid ?? null });
    else this.print(`restarted\n${daemonText(after)}`);
    return after.healthy ? exitCodes.success : exitCodes.failed;
  }
}

export class DaemonStopCommand extends DaemonCommand {
  static override paths = [["daemon", "stop"]];
  static override usage = Command.Usage({ description: "End the background process. What it accepted is taken up at the next start; schedules do not run until then." });

  async execute(): Promise<number> {
    const { stopDaemon } = await import("../../sdk/daemon/index.js");
    const pid = await stopDaemon((await this.loadConfig()).config);
    const stopped = pid !== undefined;
    // It is asked to end, and ends by itself: nothing is forced.
    if (this.json) this.printJson({ action: stopped ? "stopped" : "none", running: false, pid: pid ?? null, stopped, wasRunning: stopped, forced: false });
    else this.print(stopped ? `Ended, pid ${pid}.\n` : "The background process does not run.\n");
    return exitCodes.success;
  }
}

export class DaemonDoctorCommand extends DaemonCommand {
  static override paths = [["daemon", "doctor"]];
  static override usage = Command.Usage({ description: "Tell what keeps the background process, or schedules, from running. Starts nothing." });

  async execute(): Promise<number> {
    const status = await this.status();
    const findings = daemonFindings(status);
    if (this.json) this.printJson({ ok: findings.length === 0, status: daemonJson(status), findings });
    else this.print(findings.length === 0 ? "✓ It runs, and so do its schedules.\n" : findings.map((finding) => `✗ ${finding}\n`).join(""));
    return findings.length === 0 ? exitCodes.success : exitCodes.failed;
  }
}

export class DaemonRunCommand extends DaemonCommand {
  static override paths = [["daemon", "run"]];
  static override usage = Command.Usage({ description: "Run the background process in the foreground, its log on standard output, until ctrl-C." });

  async execute(): Promise<number> {
    const { runDaemon } = await import("../../sdk/daemon/index.js");
    return runDaemon((await this.loadConfig()).config);
  }
}

export class DaemonServiceCommand extends DispatchCommand {
  static override paths = [["daemon", "service"]];
  static override usage = Command.Usage({
    description: "Node and coordinator as services of systemd or launchd: install, start, stop, restart, status or uninstall.",
    examples: [["Write the units and start them", "$0 daemon service install --start"]],
  });

  action = Option.String();
  start = Option.Boolean("--start", false, { description: "With install: start them, too." });

  async execute(): Promise<number> {
    const action = parseChoice(this.action, serviceActions, "service");
    const result = manageService(action, (await this.loadConfig()).config, { start: this.start });
    if (this.json) this.printJson(result);
    else this.print(`${action === "status" && result.stdout ? result.stdout : ""}${result.ok ? "✓" : "✗"} ${result.detail}\n`);
    return result.ok ? exitCodes.success : exitCodes.failed;
  }
}
