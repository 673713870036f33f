import type { Screen } from "../../screen/screen.js";
import type { ClaudeFrame } from "./composer.js";
import { heldOver, heldUnder } from "./held-prompts.js";

/** What stands between the conversation and the composer. */
export interface ClaudeTurn {
  readonly busy: boolean;
  readonly activity: string;
  /** Only the title, which is set on its own time, says that a turn runs. */
  readonly settling: boolean;
  readonly queued: readonly string[];
}

// "✻ Crunched for 7s" is left behind by a turn that has ended; a running one has an ellipsis or waits to retry ("Retrying in 2s" in 2.1.197, "529 … · retrying in 2s" in 2.1.332).
const spinnerPattern = /^[·✢✳✶✻✽*] \S.*(?:…|[Rr]etrying in )/u;
// Braille in 2.1.197, half circles in 2.1.332; an idle one has ✳.
const busyTitle = /^[\u2800-\u28FF◐◑◒◓] /u;

/** Reads upwards from the composer to the first row at column 0: a spinner while a turn runs, else the end of the last message. */
export function readClaudeTurn(screen: Screen, frame: ClaudeFrame): ClaudeTurn {
  const above: string[] = [];
  let spinner = "";
  let y = frame.top - 1;
  for (; y >= 0; y--) {
    const text = screen.rows[y]?.text ?? "";
    if (text !== "" && !text.startsWith(" ")) {
      if (spinnerPattern.test(text)) spinner = text;
      break;
    }
    above.unshift(text);
  }
  const shown = spinner !== "" || footerSaysBusy(screen, frame);
  const busy = shown || busyTitle.test(screen.title);
  return { busy, settling: busy && !shown, activity: busy ? describe(spinner) : "", queued: busy ? [...heldOver(screen.rows.slice(0, Math.max(y, 0))), ...heldUnder(above)] : [] };
}

/** The mode line under the composer; a user's own status line, which may say anything, starts otherwise. */
function footerSaysBusy(screen: Screen, frame: ClaudeFrame): boolean {
  return screen.rows.slice(frame.bottom + 1).some(({ text }) => /^ +(?:(?:⏵⏵|⏸|--) .*· )?esc to interrupt(?: ·|$)/u.test(text));
}

function describe(spinner: string): string {
  if (/retrying in/iu.test(spinner)) return "waits to call its model again";
  return /^. Compacting/u.test(spinner) ? "compacts the conversation" : "works on a turn";
}
