import type { Clock } from "../../core/clock.js";
import { ProcProcessFacts } from "./proc-process-facts.js";
import type { ProcessFacts } from "./process-facts.js";
import { PsProcessFacts } from "./ps-process-facts.js";

/** The adapter for an operating system; `searchPath` (PATH) is where ps and lsof are found. */
export function processFactsForPlatform(platform: NodeJS.Platform, searchPath: string, clock: Clock): ProcessFacts {
  return platform === "linux" ? new ProcProcessFacts(clock) : new PsProcessFacts(searchPath);
}
