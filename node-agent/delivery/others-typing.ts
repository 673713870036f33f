import type { Screen } from "../screen/screen.js";
import type { RunContext } from "./run-context.js";

/** Text that was pasted shows within 0.1 s, on a busy machine within seconds: for so long an empty composer is not believed. */
const showMs = 5_000;

/**
 * Other nodes may type into the same pane, and no lock is shared with them; but the marks that tmux keeps on the pane tell what was
 * typed last, and whether its key was pressed.
 */
export class OthersTyping {
  #mark = "";
  #since = 0;

  /** Milliseconds for which text of another node may still be on its way into the composer. */
  leftMs({ clock, journal }: RunContext, { typedMark, pressedMark }: Screen): number {
    if (typedMark === "" || pressedMark.startsWith(`${typedMark}:`) || journal.find(typedMark)) return 0;
    if (typedMark !== this.#mark) [this.#mark, this.#since] = [typedMark, clock.monotonicMs()];
    return Math.max(0, this.#since + showMs - clock.monotonicMs());
  }
}
