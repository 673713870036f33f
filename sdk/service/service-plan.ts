import { join } from "node:path";
import type { Config } from "../../core/config/config.js";
import { daemonEnvironment, type Environment } from "../../core/config/environment.js";
import { packageRoot } from "../../core/package-root.js";

export const parts = ["node", "coordinator"] as const;
export type Part = (typeof parts)[number];

/** What a service manager is to run. */
export interface ServicePlan {
  /** Node's own executable. */
  readonly runtime: string;
  readonly program: (part: Part) => string;
  readonly dataDir: string;
  readonly log: (part: Part) => string;
  /** What finds programs, tmux servers, folders and the configuration; no secrets. */
  readonly variables: Readonly<Record<string, string>>;
}

/** From this process: its runtime, its package, and the part of its environment that the background process takes over as well. */
export function servicePlan({ dataDir }: Config, environment: Environment): ServicePlan {
  // The service manager sets those of the user itself.
  const { HOME: _home, USER: _user, LOGNAME: _logname, SHELL: _shell, ...variables } = daemonEnvironment(environment);
  return {
    dataDir, runtime: process.execPath,
    program: (part) => join(packageRoot(), "dist", `dispatch-${part}.js`),
    log: (part) => join(dataDir, `${part}.log`),
    variables: { ...variables, DISPATCH_DATA_DIR: dataDir },
  };
}
