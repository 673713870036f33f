import type { ProcessInfo } from "../../processes/process-facts.js";
import { installedVersion } from "../installed-version.js";
import { isClaudePackage } from "./match.js";

export function claudeVersion(process: ProcessInfo): Promise<string | undefined> {
  return installedVersion(process, isClaudePackage);
}
