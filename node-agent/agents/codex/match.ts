import type { ProcessInfo } from "../../processes/process-facts.js";
import { programNames } from "../../processes/program-names.js";
import { isInteractive, programArguments } from "../program-arguments.js";

export const isCodexPackage = (name: string): boolean => name.startsWith("@openai/codex");

/** Arguments of Codex 0.169.0 and 0.171.0 and of its forks. */
export const codexArguments = {
  withValue: ["-c", "--config", "-m", "--model", "-p", "--profile", "-s", "--sandbox", "-a", "--ask-for-approval", "-C", "--cd", "-i", "--image", "--add-dir", "--enable", "--disable", "--local-provider", "--remote", "--remote-auth-token-env"],
  notInteractive: ["-V", "--version", "-h", "--help"],
  commands: [
    "a", "app", "app-server", "apply", "archive", "cloud", "cloud-tasks", "completion", "debug", "delete", "doctor", "e", "exec", "exec-server", "execpolicy", "features", "help",
    "login", "logout", "mcp", "mcp-server", "migrate-nfs-db", "migrate-rollouts", "plugin", "queue", "remote-control", "responses-api-proxy", "review", "sandbox",
    "stdio-to-uds", "unarchive", "update",
  ],
};

/**
 * The native program of Codex talking to a person. The node script that npm installs only starts it, and its shared server
 * (`codex app-server`) is the same program with other arguments (0.169.0).
 */
export function matchesCodex(process: ProcessInfo): boolean {
  const named = programNames(process).some(({ name, via }) => via === "executable" && /^codex(?:-(?:x86_64|aarch64)-.+)?$/u.test(name));
  return named && isInteractive(programArguments(process), codexArguments);
}
