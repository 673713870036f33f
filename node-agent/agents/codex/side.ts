import type { Screen } from "../../screen/screen.js";
import type { CodexFrame } from "./composer.js";

/**
 * A side conversation (`/side`, 0.171.0) has the composer: a thread of its own, told not to go on with the work of the main one, and archived
 * when it is closed. The line of hints says so where there is room, the suggestion while nothing is typed.
 */
export function isSideConversation(screen: Screen, { first, footer }: CodexFrame): boolean {
  return footer.some((text) => text.includes("Side from main thread"))
    || screen.rows[first]?.runs.some((run) => run.dim && run.text.trimStart().startsWith("Ask a follow-up question")) === true;
}

/** Neither half is narrower than this. */
const leastOfHalf = 20;

/**
 * In a wide pane both conversations stand side by side, with a rule between them from the first row to the last (0.171.0, 140 columns).
 * Characters of two columns shift it in a row.
 */
export function isSplit({ rows, width }: Screen): boolean {
  const at = rows.at(-1)?.text.indexOf("│", leastOfHalf) ?? -1;
  return at >= leastOfHalf && at < width - leastOfHalf && rows.filter(({ text }) => text[at] === "│").length > rows.length * 0.8;
}
