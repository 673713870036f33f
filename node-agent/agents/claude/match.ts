import type { ProcessInfo } from "../../processes/process-facts.js";
import { programNames } from "../../processes/program-names.js";
import { hasOption, isInteractive, programArguments } from "../program-arguments.js";

export const isClaudePackage = (name: string): boolean => name.startsWith("@anthropic-ai/claude-code");

const rules = {
  withValue: ["--model", "--agent", "--settings", "--session-id", "--resume", "-r", "--permission-mode", "--add-dir", "--append-system-prompt", "--system-prompt", "--mcp-config", "--name", "-n"],
  notInteractive: ["-v", "--version", "-h", "--help", "--bg-pty-host", "--bg-spare"],
  commands: ["auth", "config", "daemon", "doctor", "install", "mcp", "migrate-installer", "plugin", "plugins", "setup-token", "update", "upgrade"],
};

/**
 * Claude Code talking to a person: the native binary (npm's `bin/claude.exe`, or `…/claude/versions/2.1.197`), or node on the script
 * of the package. Its daemon and the hosts of its background sessions are the same program with other arguments (2.1.197).
 */
export function matchesClaude(process: ProcessInfo): boolean {
  const named = programNames(process).some(({ name, via }) => (via === "executable" && name === "claude") || (via === "package" && isClaudePackage(name)));
  if (!named) return false;
  const args = programArguments(process);
  return isInteractive(args, rules) && !hasOption(args, ["-p", "--print", "--output-format", "--input-format"]);
}
