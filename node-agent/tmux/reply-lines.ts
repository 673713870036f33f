import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { ReplyBlock } from "./control-parser.js";
import { TmuxError } from "./tmux-error.js";

/** Body of all blocks as text. Throws DispatchError not_found for a pane that is gone, else TmuxError at the first %error. */
export function replyLines(blocks: readonly ReplyBlock[]): string[] {
  return blocks.flatMap((block) => {
    const lines = block.lines.map((line) => line.toString("utf8"));
    if (block.ok) return lines;
    const message = lines.join("\n");
    const pane = /^can't find pane: (?<pane>%\d+)/u.exec(message)?.groups?.["pane"];
    if (pane !== undefined) throw paneNotFound(pane);
    throw new TmuxError(message);
  });
}

export function paneNotFound(paneId: string): DispatchError {
  return new DispatchError("not_found", `There is no pane ${paneId}.`, { metadata: { target: paneId } });
}
