import { parseScreen } from "../screen/parse-screen.js";
import { paneId as checkedPaneId } from "./guarded-input.js";
import type { ReplyBlock } from "./control-parser.js";
import { needsStyles } from "./needs-styles.js";
import { paneNotFound, replyLines } from "./reply-lines.js";
import type { ServerConnection } from "./server-connection.js";

const shiftOut = 0x0e;

interface Capture {
  /** Top first, without blanks at their ends. */
  readonly rows: string[];
  /** Nothing stands above them. */
  readonly whole: boolean;
}

/**
 * The last `lines` lines of a pane, scrollback included: rows that tmux wrapped are joined, styles and controls removed,
 * blanks at line ends and the blank tail of a half-empty screen left out.
 */
export async function capturePane(paneId: string, lines: number, connection: ServerConnection): Promise<string> {
  const pane = checkedPaneId(paneId);
  for (let count = lines; ; count *= 2) {
    const { rows, whole } = await captureText(pane, count, connection) ?? await captureStyled(pane, count, connection);
    while (rows.at(-1) === "") rows.pop();
    // One line more than asked for, since the first may be the rest of a wrapped one.
    if (rows.length > lines || whole) return rows.slice(-lines).join("\n");
  }
}

/**
 * Without styles, which take tmux several times as long as the text. Undefined where they must be asked for: line drawing, as letters, is on
 * the screen for certain, or seems to have been scrolled off it.
 */
async function captureText(pane: string, count: number, connection: ServerConnection): Promise<Capture | undefined> {
  const [facts, text, screen] = await connection.query(`${factsOf(pane)} ; capture-pane -p -J -S -${count} -t ${pane} ; capture-pane -p -e -t ${pane}`);
  const whole = isWhole(pane, count, facts);
  if (text === undefined || screen === undefined) throw paneNotFound(pane);
  if (screen.lines.some((line) => line.includes(shiftOut))) return undefined;
  const rows = replyLines([text]);
  return needsStyles(rows.join("\n")) ? undefined : { rows: rows.map(withoutBlanks), whole };
}

async function captureStyled(pane: string, count: number, connection: ServerConnection): Promise<Capture> {
  const [facts, styled] = await connection.query(`${factsOf(pane)} ; capture-pane -p -e -J -S -${count} -t ${pane}`);
  const whole = isWhole(pane, count, facts);
  if (styled === undefined) throw paneNotFound(pane);
  return { rows: parseScreen(replyLines([styled])).map((row) => row.text), whole };
}

function factsOf(pane: string): string {
  return `display-message -p -t ${pane} '#{pane_id} #{history_size}'`;
}

/** Whether so many rows above the screen are all there are. */
function isWhole(pane: string, count: number, facts: ReplyBlock | undefined): boolean {
  const [found, historySize] = facts?.lines.join("").split(" ") ?? [];
  if (found !== pane) throw paneNotFound(pane);
  return Number(historySize) <= count;
}

function withoutBlanks(row: string): string {
  let end = row.length;
  while (end > 0 && row.charCodeAt(end - 1) === 0x20) end--;
  return end === row.length ? row : row.slice(0, end);
}
