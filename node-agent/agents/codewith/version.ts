import type { ProcessInfo } from "../../processes/process-facts.js";
import { installedVersion } from "../installed-version.js";
import { isCodewithPackage } from "./match.js";

export function codewithVersion(process: ProcessInfo): Promise<string | undefined> {
  return installedVersion(process, isCodewithPackage);
}
