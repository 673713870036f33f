import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretLintRuleContext, SecretLintSourceCode } from "@secretlint/types";
import type { SecretRange } from "./secret-range.js";

/** Without the one that finds no secrets, but comments which switch the others off; it breaks on those without the engine. */
const scanners = rules.filter(({ meta }) => meta.id !== "@secretlint/secretlint-rule-filter-comments");

/**
 * Secrets by the rules that secretlint keeps (11.7.1). The rules are run as they are: its engine would do it too, but notes every run in
 * the process's performance timeline and never lets go of that, which no process that lives long can afford.
 */
export async function keptRulesIn(text: string): Promise<SecretRange[]> {
  const found: SecretRange[] = [];
  const source = { filePath: "capture.txt", ext: ".txt", contentType: "text", content: text } as SecretLintSourceCode;
  for (const rule of scanners) {
    const label = rule.meta.id.replace(/^.*rule-/u, "");
    const context: SecretLintRuleContext = {
      sharedOptions: {},
      createTranslator: () => (messageId, data) => ({ message: messageId, messageId, ...(data === undefined ? {} : { data }) }),
      ignore: () => undefined,
      report: ({ range: [start, end] }) => void found.push({ start, end, label }),
    } as SecretLintRuleContext;
    await rule.create(context, {}).file?.(source);
  }
  return found;
}
