import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Config } from "../../core/config/config.js";
import { environment as ownEnvironment, type Environment } from "../../core/config/environment.js";
import { ensurePrivateFolder } from "../../core/config/state-folder.js";
import { label, launchdPlists } from "./launchd-plists.js";
import type { ServiceAction } from "./service-actions.js";
import { parts, servicePlan } from "./service-plan.js";
import { systemdUnits, unitName, type ServiceFile } from "./systemd-units.js";

export interface ServiceResult {
  readonly ok: boolean;
  readonly action: ServiceAction;
  readonly detail: string;
  /** The coordinator's file; with its node's it is in `unitPaths`. */
  readonly unitPath: string | null;
  readonly unitPaths: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

interface Manager {
  files(): ServiceFile[];
  /** Command lines of an action, in order; after a failure no further one is run. */
  commands(action: ServiceAction, options: { start: boolean }): string[][];
  /** What a person should know once it is installed. */
  readonly advice: string;
}

/** Runs one action for node and coordinator as services of this user. Never throws for what the service manager says: `ok` and `detail` do. */
export function manageService(action: ServiceAction, config: Config, options: { start: boolean; environment?: Environment; platform?: NodeJS.Platform }): ServiceResult {
  const environment = options.environment ?? ownEnvironment;
  const manager = managerOf(options.platform ?? process.platform, config, environment);
  if (!manager) return { ok: false, action, detail: "Services are supported where systemd (Linux) or launchd (macOS) is.", unitPath: null, unitPaths: [], stdout: "", stderr: "" };
  const files = manager.files();
  const unitPaths = files.map(({ path }) => path);
  const done = { action, unitPath: unitPaths.find((path) => path.includes("coordinator")) ?? null, unitPaths };
  if (action === "install") {
    ensurePrivateFolder(config.dataDir);
    for (const file of files) write(file);
  } else if (!files.some(({ path }) => existsSync(path))) {
    return { ...done, ok: false, detail: `Not installed: there is no ${unitPaths.join(" and no ")}. Install it with \`dispatch daemon service install\`.`, stdout: "", stderr: "" };
  }
  const ran = runAll(manager.commands(action, options), environment);
  if (action === "uninstall") for (const path of unitPaths) rmSync(path, { force: true });
  const what = action === "install" ? `Wrote ${unitPaths.join(" and ")}. ` : action === "uninstall" ? `Removed ${unitPaths.join(" and ")}. ` : "";
  const detail = ran.ok ? `${what}${action === "install" ? manager.advice : "Done."}`.trim() : `${what}${ran.failed} failed: ${(ran.stderr || ran.stdout).trim() || "no reason was given"}`;
  return { ...done, ok: ran.ok, detail, stdout: ran.stdout, stderr: ran.stderr };
}

function write({ path, text }: ServiceFile): void {
  mkdirSync(dirname(path), { recursive: true });
  // It may hold paths that are nobody's business.
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}

function managerOf(platform: NodeJS.Platform, config: Config, environment: Environment): Manager | undefined {
  const home = environment["HOME"] || homedir();
  const plan = servicePlan(config, environment);
  if (platform === "linux") {
    const units = parts.map(unitName);
    const systemctl = (...words: string[]): string[] => ["systemctl", "--user", ...words];
    return {
      files: () => systemdUnits(plan, join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "systemd", "user")),
      advice: "They run while you are logged in; `loginctl enable-linger` keeps them running when you are not. End the background process that a command may have started with `dispatch down` first.",
      commands(action, { start }) {
        switch (action) {
          case "install": return [systemctl("daemon-reload"), systemctl("enable", ...units), ...(start ? [systemctl("restart", ...units)] : [])];
          case "uninstall": return [systemctl("disable", "--now", ...units), systemctl("daemon-reload")];
          case "status": return [systemctl("status", "--no-pager", ...units)];
          case "start": case "stop": case "restart": return [systemctl(action, ...units)];
        }
      },
    };
  }
  if (platform !== "darwin") return undefined;
  const domain = `gui/${process.getuid?.() ?? 0}`;
  const files = launchdPlists(plan, join(home, "Library", "LaunchAgents"));
  const load = files.map(({ path }) => ["launchctl", "bootstrap", domain, path]);
  const unload = parts.map((part) => ["launchctl", "bootout", `${domain}/${label(part)}`]);
  return {
    files: () => files,
    advice: "launchd starts them when you log in.",
    commands(action, { start }) {
      switch (action) {
        case "install": return start ? load : [];
        case "start": return load;
        case "stop": case "uninstall": return unload;
        case "restart": return parts.map((part) => ["launchctl", "kickstart", "-k", `${domain}/${label(part)}`]);
        case "status": return parts.map((part) => ["launchctl", "print", `${domain}/${label(part)}`]);
      }
    },
  };
}

function runAll(commands: readonly string[][], environment: Environment): { ok: boolean; failed: string; stdout: string; stderr: string } {
  let [stdout, stderr] = ["", ""];
  for (const [program = "", ...words] of commands) {
    const ran = spawnSync(program, words, { encoding: "utf8", env: { ...environment } });
    stdout += ran.stdout ?? "";
    stderr += ran.error ? `${ran.error.message}\n` : ran.stderr;
    if (ran.status !== 0) return { ok: false, failed: `\`${[program, ...words].join(" ")}\``, stdout, stderr };
  }
  return { ok: true, failed: "", stdout, stderr };
}
