import { parseScreen } from "../screen/parse-screen.js";
import { paneId as checkedPaneId } from "./guarded-input.js";
import { paneNotFound, replyLines } from "./reply-lines.js";
import type { ServerConnection } from "./server-connection.js";

/**
 * The last `lines` lines of a pane, scrollback included: rows that tmux wrapped are joined, styles and controls removed,
 * blanks at line ends and the blank tail of a half-empty screen left out.
 */
export async function capturePane(paneId: string, lines: number, connection: ServerConnection): Promise<string> {
  const pane = checkedPaneId(paneId);
  for (let rows = lines; ; rows *= 2) {
    const [facts, capture] = await connection.query(`display-message -p -t ${pane} '#{pane_id} #{history_size}' ; capture-pane -p -e -J -S -${rows} -t ${pane}`);
    const [found, historySize] = facts?.lines.join("").split(" ") ?? [];
    if (found !== pane || capture === undefined) throw paneNotFound(pane);
    const text = parseScreen(replyLines([capture])).map((row) => row.text);
    while (text.at(-1) === "") text.pop();
    // One line more than asked for, since the first may be the rest of a wrapped one.
    if (text.length > lines || Number(historySize) <= rows) return text.slice(-lines).join("\n");
  }
}
