import type { ProcessInfo } from "../../processes/process-facts.js";
import { installedVersion } from "../installed-version.js";
import { isCodexPackage } from "./match.js";

export function codexVersion(process: ProcessInfo): Promise<string | undefined> {
  return installedVersion(process, isCodexPackage);
}
