import type { Clock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { redact } from "../../core/redaction/redact.js";
import { Bell } from "../delivery/bell.js";
import { alignTop, newLines, sharedBeginning } from "./new-lines.js";

/** A line must stay as it is for so long: a spinner, a line that is being written and a redraw do not. */
const settleMs = 250;
/** With no event, look again so often: the pane may be gone. */
const lookAgainMs = 2_000;
const maxLines = 2_000;

export interface FollowPlace {
  readonly width: number;
  readonly capture: (lines: number) => Promise<string>;
  readonly watch: (onChange: () => void) => Promise<() => void>;
}

/** New lines of a pane, redacted, once they have settled; from `lines` lines back. Ends when the pane is gone or the signal aborts. */
export async function* followCapture(place: FollowPlace, lines: number, clock: Clock, signal: AbortSignal): AsyncGenerator<{ text: string; gone: boolean }> {
  const bell = new Bell();
  const unwatch = await place.watch(bell.ring);
  try {
    let told: readonly string[] = await look(place);
    if (lines > 0 && told.length > 0) yield { text: await asText(told, [...told.keys()].slice(-lines), place.width), gone: false };
    let candidate = told;
    while (!signal.aborted) {
      // What changed is looked at again when it had time to settle.
      await bell.wait(clock, candidate === told ? lookAgainMs : settleMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const now = await look(place);
      told = alignTop(told, now);
      const settled = now.slice(0, sharedBeginning(alignTop(candidate, now), now));
      const fresh = newLines(told, settled);
      if (fresh.length > 0) yield { text: await asText(settled, fresh, place.width), gone: false };
      const isQuiet = settled.length === now.length;
      told = isQuiet ? now : [...settled, ...told.slice(sharedBeginning(told, settled))];
      candidate = isQuiet ? told : now;
      await pause(clock, settleMs, signal);
    }
  } catch (error) {
    if (error instanceof DispatchError && (error.reason === "not_found" || error.reason === "tmux_lost" || error.reason === "no_tmux_server")) yield { text: "", gone: true };
    else throw error;
  } finally {
    unwatch();
  }
}

async function look({ capture }: FollowPlace): Promise<string[]> {
  const text = await capture(maxLines);
  return text === "" ? [] : text.split("\n");
}

/** Some of the lines, redacted as a part of them all: the rest of a private key is told from other text by how it began. */
async function asText(all: readonly string[], wanted: readonly number[], width: number): Promise<string> {
  const rows = (await redact(all.join("\n"), { width })).text.split("\n");
  return wanted.map((row) => `${rows[row] ?? ""}\n`).join("");
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Bell().wait(clock, ms, signal).catch(() => undefined);
}
