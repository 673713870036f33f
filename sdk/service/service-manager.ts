import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../core/config/environment.js";
import { label, launchdPlists } from "./launchd-plists.js";
import type { ServiceAction } from "./service-actions.js";
import { parts, type ServicePlan } from "./service-plan.js";
import { systemdUnits, unitName, type ServiceFile } from "./systemd-units.js";

export interface ServiceCommand {
  readonly words: readonly string[];
  /** Its failure tells nothing: there may be nothing for it to do. */
  readonly mayFail?: boolean;
}

/** What runs the services of a user on this platform. */
export interface ServiceManager {
  readonly files: readonly ServiceFile[];
  /** Commands of an action, in order; after a failure no further one is run. */
  commands(action: ServiceAction, options: { start: boolean }): ServiceCommand[];
  /** Of an uninstallation, once the files are gone. */
  readonly afterRemoval: readonly ServiceCommand[];
  /** What a person should know once it is installed. */
  readonly advice: string;
}

/** The manager of a platform; undefined where there is none that we know. */
export function serviceManager(platform: NodeJS.Platform, plan: ServicePlan, environment: Environment): ServiceManager | undefined {
  const home = environment["HOME"] || homedir();
  if (platform === "linux") return systemd(plan, join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "systemd", "user"));
  return platform === "darwin" ? launchd(plan, join(home, "Library", "LaunchAgents")) : undefined;
}

function systemd(plan: ServicePlan, folder: string): ServiceManager {
  const units = parts.map(unitName);
  const systemctl = (...words: string[]): ServiceCommand => ({ words: ["systemctl", "--user", ...words] });
  return {
    files: systemdUnits(plan, folder),
    advice: "They run while you are logged in; `loginctl enable-linger` keeps them running when you are not.",
    afterRemoval: [systemctl("daemon-reload"), { ...systemctl("reset-failed", ...units), mayFail: true }],
    commands(action, { start }) {
      switch (action) {
        case "install": return [systemctl("daemon-reload"), systemctl("enable", ...units), ...(start ? [systemctl("restart", ...units)] : [])];
        case "uninstall": return [systemctl("disable", "--now", ...units)];
        case "status": return [systemctl("status", "--no-pager", ...units)];
        case "start": case "stop": case "restart": return [systemctl(action, ...units)];
      }
    },
  };
}

function launchd(plan: ServicePlan, folder: string): ServiceManager {
  const domain = `gui/${process.getuid?.() ?? 0}`;
  const launchctl = (...words: string[]): ServiceCommand => ({ words: ["launchctl", ...words] });
  const files = launchdPlists(plan, folder);
  const load = files.map(({ path }) => launchctl("bootstrap", domain, path));
  const unload = parts.map((part) => launchctl("bootout", `${domain}/${label(part)}`));
  return {
    files,
    advice: "launchd starts them when you log in.",
    afterRemoval: [],
    commands(action, { start }) {
      switch (action) {
        // What is loaded cannot be loaded once more, with what is written now.
        case "install": return start ? [...unload.map((command) => ({ ...command, mayFail: true })), ...load] : [];
        case "start": return load;
        case "stop": case "uninstall": return unload;
        case "restart": return parts.map((part) => launchctl("kickstart", "-k", `${domain}/${label(part)}`));
        case "status": return parts.map((part) => launchctl("print", `${domain}/${label(part)}`));
      }
    },
  };
}
