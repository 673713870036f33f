import type { Delivery } from "../../core/domain/delivery.js";

/** What `--json` prints of a shell command, in the predecessor's fields too. The clear command is only in an allowed dry run. */
export function execJson({ exec, detection }: Delivery): Record<string, unknown> {
  if (!exec) return {};
  const { commandHash, allowed, code, rule, sentence, interrupt, pasteText, exitStatus, output } = exec;
  const shown = pasteText || `<exec-command sha256:${commandHash}>`;
  const targetKind = detection?.targetKind ?? null;
  return {
    commandHash,
    filter: { allowed, code, reason: sentence, commandHash, normalizedCommand: shown, targetKind, ...(rule === "" ? {} : { matchedRule: rule }) },
    ...(allowed ? { execPlan: { interrupt, pasteText: shown, submitKey: "Enter" } } : {}),
    output: output || null,
    exitStatus: exitStatus ?? null,
  };
}
