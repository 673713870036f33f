import { join, resolve } from "node:path";
import type { RecordContext } from "../records/agent-record.js";

/**
 * A folder of an agent: the one that a variable of its environment names, else one under its home. A relative one counts from its working
 * folder (Claude Code 2.1.332 with CLAUDE_CONFIG_DIR=conf), never from ours.
 */
export function agentFolder({ environment, process }: Pick<RecordContext, "environment" | "process">, variable: string, ...underHome: readonly string[]): string {
  return resolve("/", process.cwd, environment.get(variable) || join(environment.get("HOME") ?? "", ...underHome));
}
