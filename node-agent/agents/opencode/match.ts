import type { ProcessInfo } from "../../processes/process-facts.js";
import { programNames } from "../../processes/program-names.js";
import { isInteractive, programArguments } from "../program-arguments.js";

export const isOpenCodePackage = (name: string): boolean => name === "opencode-ai" || /^opencode-(?:linux|darwin|windows)-/u.test(name);

const rules = {
  withValue: ["-m", "--model", "-s", "--session", "--prompt", "--agent", "--port", "--hostname", "--log-level", "--mdns-domain", "--cors"],
  notInteractive: ["-v", "--version", "-h", "--help"],
  commands: [
    "acp", "agent", "auth", "completion", "console", "db", "debug", "export", "github", "import", "mcp", "models", "plugin", "pr", "providers", "run",
    "serve", "session", "stats", "uninstall", "upgrade", "web",
  ],
};

/** OpenCode talking to a person; `opencode attach` does so too. */
export function matchesOpenCode(process: ProcessInfo): boolean {
  const named = programNames(process).some(({ name, via }) => (via === "executable" && /^\.?opencode$/u.test(name)) || (via === "package" && isOpenCodePackage(name)));
  return named && isInteractive(programArguments(process), rules);
}
