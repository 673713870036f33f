import { join, resolve } from "node:path";
import type { RecordContext } from "../../records/agent-record.js";

/** The home of Codex, or of a fork of it; one that is not absolute goes by the folder that the agent was started in (Codex 0.171.0). */
export function codexHome({ environment, process }: Pick<RecordContext, "environment" | "process">, variable: string, folder: string): string {
  const named = environment.get(variable);
  return named ? resolve(process.cwd === "" ? "/" : process.cwd, named) : join(environment.get("HOME") ?? "", folder);
}
