import { redact, type Redacted } from "../../core/redaction/redact.js";

/** So many rows above are looked at too: the longest private keys that people have take fewer. */
const contextRows = 150;

/** The last lines of a pane, redacted as the part that they are of what stands above them. */
export async function redactedTail(capture: (lines: number) => Promise<string>, lines: number, width: number): Promise<Redacted> {
  return redact(await capture(lines + contextRows), { width, lastRows: lines });
}
