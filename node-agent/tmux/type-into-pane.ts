import { DispatchError } from "../../core/errors/dispatch-error.js";
import {
  guardedLine, type InputGuard, parseGuardedReply, pressedOption, safeKey, typedOption,
} from "./guarded-input.js";
import { withPasteFile } from "./paste-file.js";
import { quoteArgument } from "./quote-argument.js";
import { replyLines } from "./reply-lines.js";
import type { ServerConnection } from "./server-connection.js";
import { ControlClientExit } from "./tmux-error.js";

/**
 * Pastes the text (bracketed where the program asked for that, line feeds kept) if the guard holds, and leaves the mark.
 * A `literal` text arrives as single keys would.
 * The text goes through a file: neither an argument of a process nor tmux's own message log ever holds it.
 */
export async function typeIntoPane(connection: ServerConnection, folder: string, guard: InputGuard, text: string, mark: string, literal: boolean): Promise<"typed" | "stale"> {
  if (text === "") throw new DispatchError("empty_prompt");
  // tmux writes an embedded end-of-paste sequence through (3.3a), which would set the rest of the text loose as keys.
  if (/[^\P{Cc}\t\n\u0080-\u009F]/u.test(text)) throw new DispatchError("invalid_argument", "The text to type holds control characters.");
  const did = await guarded(guard, mark, () => withPasteFile(folder, text, async (file, buffer) => {
    const line = guardedLine(guard, `paste-buffer ${literal ? "" : "-p "}-r -d -b ${buffer} -t ${guard.paneId}`, typedOption, mark, `delete-buffer -b ${buffer} ; `);
    try {
      // tmux expands formats in a path.
      const blocks = await connection.once(`load-buffer -b ${buffer} ${quoteArgument(file.replaceAll("#", "##"))} ; ${line}`);
      // It prints a failed load outside of all blocks (3.3a); what tells us is that the buffer is missing afterwards.
      if (blocks.some((block) => !block.ok && block.lines.some((bytes) => bytes.includes(buffer)))) {
        throw new DispatchError("no_permission", `The tmux server could not read a file in ${folder}.`);
      }
      return replyLines(blocks);
    } catch (error) {
      // Whatever went wrong, the text must not stay behind in the server.
      await connection.query(`delete-buffer -b ${buffer}`).catch(() => {});
      throw error;
    }
  }));
  return did ? "typed" : "stale";
}

/** Sends one key if the guard holds, and leaves the mark. */
export async function pressInPane(connection: ServerConnection, guard: InputGuard, key: string, mark: string): Promise<"pressed" | "stale"> {
  const line = guardedLine(guard, `send-keys -t ${guard.paneId} ${safeKey(key)}`, pressedOption, mark, "");
  const did = await guarded(guard, mark, async () => replyLines(await connection.once(line)));
  return did ? "pressed" : "stale";
}

/** When the control client goes in the middle, the mark tells whether the input went in; the guard on the mark makes asking again safe. */
async function guarded(guard: InputGuard, mark: string, send: () => Promise<string[]>): Promise<boolean> {
  for (let again = false; ; again = true) {
    let lines: string[];
    try {
      lines = await send();
    } catch (error) {
      if (error instanceof ControlClientExit) continue;
      throw error;
    }
    const stale = parseGuardedReply(lines.at(-1) ?? "", guard, mark);
    if (stale === undefined || (again && stale.alreadyDone)) return true;
    if (again && stale.gone) throw new DispatchError("tmux_lost", "The pane went away while it was typed into; whether the input arrived is not known.");
    if (stale.inputBlocked) throw new DispatchError("pane_input_blocked", undefined, { metadata: { target: guard.paneId } });
    return false;
  }
}
