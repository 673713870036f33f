import { redact } from "../../core/redaction/redact.js";

/** The end of a text, redacted, in at most `maxChars` characters, beginning with a whole line where one fits. */
export async function excerptOf(text: string, maxChars: number): Promise<{ text: string; truncatedChars: number }> {
  const whole = (await redact(text.replace(/\s+$/u, ""))).text;
  if (whole.length <= maxChars) return { text: whole, truncatedChars: 0 };
  const cut = whole.slice(-maxChars).replace(/^[\uDC00-\uDFFF]/u, "");
  const lineEnd = whole.at(-cut.length - 1) === "\n" ? -1 : cut.indexOf("\n");
  const excerpt = cut.slice(lineEnd + 1);
  return { text: excerpt, truncatedChars: whole.length - excerpt.length };
}
