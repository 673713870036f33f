import type { ProcessInfo } from "../../processes/process-facts.js";
import { installedVersion } from "../installed-version.js";
import { isOpenCodePackage } from "./match.js";

export function openCodeVersion(process: ProcessInfo): Promise<string | undefined> {
  return installedVersion(process, isOpenCodePackage);
}
