import type { ProcessInfo } from "../../processes/process-facts.js";
import { programNames } from "../../processes/program-names.js";
import { codexArguments } from "../codex/match.js";
import { isInteractive, programArguments } from "../program-arguments.js";

export const isCodewithPackage = (name: string): boolean => name === "@hasna/codewith" || name.startsWith("@hasna/codewith-");

/** Codewith talking to a person. Where its package starts the program as a child, that child counts (see detection/find-agent.ts). */
export function matchesCodewith(process: ProcessInfo): boolean {
  const named = programNames(process).some(({ name, via }) => (via === "executable" && name === "codewith") || (via === "package" && isCodewithPackage(name)));
  return named && isInteractive(programArguments(process), codexArguments);
}
