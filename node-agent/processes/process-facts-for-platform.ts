import { ProcProcessFacts } from "./proc-process-facts.js";
import type { ProcessFacts } from "./process-facts.js";
import { PsProcessFacts } from "./ps-process-facts.js";

/** The adapter for an operating system; `searchPath` (PATH) is where ps and lsof are found. */
export function processFactsForPlatform(platform: NodeJS.Platform, searchPath: string): ProcessFacts {
  return platform === "linux" ? new ProcProcessFacts() : new PsProcessFacts(searchPath);
}
