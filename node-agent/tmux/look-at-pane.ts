import { DispatchError } from "../../core/errors/dispatch-error.js";
import { parseScreen } from "../screen/parse-screen.js";
import type { Screen } from "../screen/screen.js";
import type { ReplyBlock } from "./control-parser.js";
import { fieldFormat, newSeparator } from "./pane-facts.js";
import { quoteArgument } from "./quote-argument.js";
import { paneNotFound } from "./reply-lines.js";

const fields = [
  "pane_id", "pane_width", "pane_height", "cursor_x", "cursor_y", "pane_title", "alternate_on", "pane_in_mode", "pane_dead",
  "pane_pid", "pane_current_command", "@dispatch_typed", "@dispatch_pressed",
];

/** Facts and screen of a pane in one command line, so that both are of one step of the server's queue. */
export async function lookAtPane(paneId: string, blocks: (line: string) => Promise<ReplyBlock[]>): Promise<Screen> {
  const separator = newSeparator();
  const format = quoteArgument(fieldFormat(fields, separator));
  const [facts, capture] = await blocks(`display-message -p -t ${paneId} ${format} ; capture-pane -p -e -t ${paneId}`);
  const parts = (facts?.lines.join("\n") ?? "").split(separator);
  // display-message answers for a missing pane too, with empty fields.
  if (facts?.ok !== true || capture?.ok !== true || parts[0] !== paneId) {
    throw paneNotFound(paneId);
  }
  const [, width, height, cursorX, cursorY, title = "", alternate, inMode, dead, pid, command = "", typedMark = "", pressedMark = ""] = parts;
  const rows = parseScreen(capture.lines.map((line) => line.toString("utf8")));
  if (rows.length !== Number(height)) {
    throw new DispatchError("internal", `tmux gave ${rows.length} rows of a pane with ${height ?? "?"}.`);
  }
  return {
    rows, width: Number(width), height: Number(height), cursorX: Number(cursorX), cursorY: Number(cursorY), title,
    alternate: alternate === "1", inMode: inMode !== "0", dead: dead === "1", panePid: Number(pid), command, typedMark, pressedMark,
  };
}
