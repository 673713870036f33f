import type { ProcessInfo } from "../../processes/process-facts.js";
import { installedVersion } from "../installed-version.js";
import { isGeminiPackage } from "./match.js";

export function geminiVersion(process: ProcessInfo): Promise<string | undefined> {
  return installedVersion(process, isGeminiPackage);
}
