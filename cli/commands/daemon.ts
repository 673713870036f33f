import { Command, Option } from "clipanion";
import { exitCodes } from "../../core/errors/reasons.js";
import { DispatchCommand } from "../dispatch-command.js";
import { daemonText } from "../output/daemon-text.js";
import { parseChoice } from "../parse-choice.js";
import { manageService } from "../../sdk/service/manage-service.js";
import { serviceActions } from "../../sdk/service/service-actions.js";

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
    if (this.json) this.printJson((await import("../../sdk/json/daemon-json.js")).daemonJson(status));
    else this.print(daemonText(status));
    return exitCodes.success;
  }
}

export class DaemonEnsureCommand extends DaemonCommand {
  static override paths = [["daemon", "ensure"]];
  static override usage = Command.Usage({ description: "Start the background process, where it does not run." });

  async execute(): Promise<number> {
    const { ensureAction } = await import("../../sdk/daemon/daemon-actions.js");
    const { action, ok, status, json } = await ensureAction((await this.loadConfig()).config);
    if (this.json) this.printJson(json);
    else this.print(`${action}\n${daemonText(status)}`);
    return ok ? exitCodes.success : exitCodes.failed;
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
    const { restartAction } = await import("../../sdk/daemon/daemon-actions.js");
    const { ok, status, json } = await restartAction((await this.loadConfig()).config);
    if (this.json) this.printJson(json);
    else this.print(`restarted\n${daemonText(status)}`);
    return ok ? exitCodes.success : exitCodes.failed;
  }
}

export class DaemonStopCommand extends DaemonCommand {
  static override paths = [["daemon", "stop"]];
  static override usage = Command.Usage({ description: "End the background process. What it accepted is taken up at the next start; schedules do not run until then." });

  async execute(): Promise<number> {
    const { stopAction } = await import("../../sdk/daemon/daemon-actions.js");
    const { pid, json } = await stopAction((await this.loadConfig()).config);
    if (this.json) this.printJson(json);
    else this.print(pid === undefined ? "The background process does not run.\n" : `Ended, pid ${pid}.\n`);
    return exitCodes.success;
  }
}

export class DaemonDoctorCommand extends DaemonCommand {
  static override paths = [["daemon", "doctor"]];
  static override usage = Command.Usage({ description: "Tell what keeps the background process, or schedules, from running. Starts nothing." });

  async execute(): Promise<number> {
    const { doctorAction } = await import("../../sdk/daemon/daemon-actions.js");
    const { ok, findings, json } = await doctorAction((await this.loadConfig()).config);
    if (this.json) this.printJson(json);
    else this.print(ok ? "✓ It runs, and so do its schedules.\n" : findings.map((finding) => `✗ ${finding}\n`).join(""));
    return ok ? exitCodes.success : exitCodes.failed;
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
