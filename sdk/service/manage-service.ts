import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../../core/config/config.js";
import { environment as ownEnvironment, type Environment } from "../../core/config/environment.js";
import { ensurePrivateFolder } from "../../core/config/state-folder.js";
import { readLiveDaemon } from "../daemon/daemon-file.js";
import type { ServiceAction } from "./service-actions.js";
import { serviceManager, type ServiceCommand } from "./service-manager.js";
import { servicePlan } from "./service-plan.js";
import type { ServiceFile } from "./systemd-units.js";

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

/** Runs one action for node and coordinator as services of this user. Never throws for what the service manager says: `ok` and `detail` do. */
export function manageService(action: ServiceAction, config: Config, options: { start: boolean; environment?: Environment; platform?: NodeJS.Platform }): ServiceResult {
  const environment = options.environment ?? ownEnvironment;
  const manager = serviceManager(options.platform ?? process.platform, servicePlan(config, environment), environment);
  if (!manager) return { ok: false, action, detail: "Services are supported where systemd (Linux) or launchd (macOS) is.", unitPath: null, unitPaths: [], stdout: "", stderr: "" };
  const unitPaths = manager.files.map(({ path }) => path);
  const done = { action, unitPath: unitPaths.find((path) => path.includes("coordinator")) ?? null, unitPaths };
  const installed = unitPaths.some((path) => existsSync(path));
  if (action !== "install" && !installed) {
    return { ...done, ok: false, detail: `Not installed: there is no ${unitPaths.join(" and no ")}. Install it with \`dispatch daemon service install\`.`, stdout: "", stderr: "" };
  }
  if (action === "install") {
    ensurePrivateFolder(config.dataDir);
    for (const file of manager.files) write(file);
  }
  const starts = action === "start" || action === "restart" || (action === "install" && options.start);
  const inTheWay = starts ? readLiveDaemon(config.dataDir) : undefined;
  const commands = inTheWay ? (action === "install" ? manager.commands(action, { start: false }) : []) : manager.commands(action, options);
  let ran = runAll(commands, environment);
  if (action === "uninstall") {
    for (const path of unitPaths) rmSync(path, { force: true });
    if (ran.ok) ran = joined(ran, runAll(manager.afterRemoval, environment));
  }
  const what = action === "install" ? `Wrote ${unitPaths.join(" and ")}. ` : action === "uninstall" ? `Removed ${unitPaths.join(" and ")}. ` : "";
  const told = { ...done, stdout: ran.stdout, stderr: ran.stderr };
  if (!ran.ok) {
    const next = action === "install" ? ". Nothing was started: run it again where your service manager can be reached, such as in a login session of this user." : "";
    return { ...told, ok: false, detail: `${what}${ran.failed} failed: ${(ran.stderr || ran.stdout).trim() || "no reason was given"}${next}` };
  }
  if (inTheWay) return { ...told, ok: false, detail: `${what}Not started: the background process (pid ${inTheWay.pid}) holds ${config.dataDir}. End it with \`dispatch down\`, then use \`dispatch daemon service start\`.` };
  return { ...told, ok: true, detail: `${what}${action === "install" ? manager.advice : "Done."}` };
}

function write({ path, text }: ServiceFile): void {
  mkdirSync(dirname(path), { recursive: true });
  // It may hold paths that are nobody's business.
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}

interface Ran {
  readonly ok: boolean;
  readonly failed: string;
  readonly stdout: string;
  readonly stderr: string;
}

function runAll(commands: readonly ServiceCommand[], environment: Environment): Ran {
  let [stdout, stderr] = ["", ""];
  for (const { words, mayFail } of commands) {
    const [program = "", ...rest] = words;
    const ran = spawnSync(program, rest, { encoding: "utf8", env: { ...environment } });
    if (mayFail && (ran.error || ran.status !== 0)) continue;
    stdout += ran.stdout ?? "";
    stderr += ran.error ? `${ran.error.message}\n` : ran.stderr;
    if (ran.status !== 0) return { ok: false, failed: `\`${words.join(" ")}\``, stdout, stderr };
  }
  return { ok: true, failed: "", stdout, stderr };
}

function joined(first: Ran, second: Ran): Ran {
  return { ...second, stdout: first.stdout + second.stdout, stderr: first.stderr + second.stderr };
}
