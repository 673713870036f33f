import type { ProcessInfo } from "../../processes/process-facts.js";
import { programNames } from "../../processes/program-names.js";
import { hasOption, isInteractive, programArguments } from "../program-arguments.js";

export const isGeminiPackage = (name: string): boolean => name.startsWith("@google/gemini-cli");

const rules = {
  withValue: ["-m", "--model", "--approval-mode", "--include-directories", "-e", "--extensions", "--session-id", "-r", "--resume", "-i", "--prompt-interactive", "--allowed-tools"],
  notInteractive: ["-v", "--version", "-h", "--help", "-l", "--list-extensions", "--list-sessions", "--delete-session", "--acp", "--experimental-acp"],
  commands: ["extensions", "extension", "hooks", "hook", "mcp", "skills", "skill", "gemma"],
};

/**
 * Gemini CLI talking to a person. It starts itself again with more memory: parent and child run the same script, and the child, which
 * owns terminal and record, is the agent (see detection/find-agent.ts).
 */
export function matchesGemini(process: ProcessInfo): boolean {
  const named = programNames(process).some(({ name, via }) => (via === "executable" && name === "gemini") || (via === "package" && isGeminiPackage(name)));
  if (!named) return false;
  const args = programArguments(process);
  return isInteractive(args, rules) && !hasOption(args, ["-p", "--prompt", "-o", "--output-format"]);
}
