import type { Screen } from "../../screen/screen.js";
import type { ScreenReading } from "../agent-adapter.js";
import { isBlank, lastTextRow, lastTexts } from "../composer/rows.js";
import { findClaudeFrame, type ClaudeFrame } from "./composer.js";
import { readClaudeTurn } from "./turn.js";

/** Reads a screen of Claude Code (held against 2.1.197 on 2026-11-23, 2.1.332 on 2026-11-29). */
export function readClaudeScreen(screen: Screen): ScreenReading {
  if (screen.dead) return { state: "exited", activity: "", queued: [], evidence: "the pane's process has ended" };
  if (lastTextRow(screen) < 0) return { state: "starting", activity: "", queued: [], evidence: "the screen is empty" };
  const frame = findClaudeFrame(screen);
  return frame ? readComposer(screen, frame) : readWithoutComposer(screen);
}

function readComposer(screen: Screen, frame: ClaudeFrame): ScreenReading {
  const { composer } = frame;
  const turn = readClaudeTurn(screen, frame);
  const typed = composer.text !== "";
  const under = screen.rows.slice(frame.bottom + 1).filter((row) => row.text !== "" && !row.text.startsWith(" "));
  if (under.length > 0) {
    return /^\/|@/u.test(composer.text)
      ? { state: "menu", activity: "offers completions", composer, queued: turn.queued, evidence: "a list of completions under the composer" }
      : { state: "unknown", activity: "", composer, queued: turn.queued, evidence: "rows under the composer that are not its own" };
  }
  if (completesAbove(screen, frame)) return { state: "menu", activity: "offers completions", composer, queued: turn.queued, evidence: "a list of completions over the composer" };
  if (turn.busy) {
    const state = turn.queued.length > 0 ? "queued" : "busy";
    return { state, activity: turn.activity, composer, queued: turn.queued, settling: turn.settling, evidence: `composer between its rules; a turn runs${typed ? "; text in it" : ""}` };
  }
  if (typed) return { state: "draft", activity: frame.shellMode ? "shell mode" : "", composer, queued: [], evidence: "text in the composer between its rules" };
  return { state: "idle", activity: "", composer, queued: [], evidence: "empty composer between its rules, no spinner" };
}

/** Full-screen (2.1.332) the list stands right on the upper rule, where everything else leaves a row free; in a narrow pane its entries wrap. */
function completesAbove(screen: Screen, { top, composer }: ClaudeFrame): boolean {
  if (!/^\/|(?:^|\s)@\S*$/u.test(composer.text)) return false;
  for (let y = top - 1; !isBlank(screen.rows[y]); y--) {
    if (/^ {2}(?:❯| ) \S/u.test(screen.rows[y]?.text ?? "")) return true;
  }
  return false;
}

// Fixed words of Claude Code's own panels, and what each asks; what a model wrote is never repeated.
const questions: readonly (readonly [RegExp, string])[] = [
  [/^ Bash command/mu, "asks to run a command"],
  [/^ (?:Create file|Edit file|Overwrite file|Edit notebook)|Do you want to (?:create|make this edit|overwrite)/mu, "asks to change a file"],
  [/^ Fetch$|allow Claude to fetch/mu, "asks to fetch a page"],
  [/Ready to code\?|Claude has written up a plan/u, "asks to approve a plan"],
  [/Accessing workspace:|trust this folder/u, "asks whether to trust the folder"],
  [/Enter to select · (?:↑\/↓|Tab\/Arrow keys) to navigate · (?:ctrl\+g to edit in .* · )?Esc to cancel/u, "asks a question"],
  [/Do you want|Would you like/u, "asks for a permission"],
];

function readWithoutComposer(screen: Screen): ScreenReading {
  const tail = lastTexts(screen, 6).join("\n");
  const all = screen.rows.map((row) => row.text).join("\n");
  if (/^ *search prompts:/mu.test(tail)) return other("menu", "searches its history", "history search takes the keys");
  if (/Showing detailed transcript/u.test(tail)) return other("menu", "shows its transcript", "the transcript view takes the keys");
  if (/^ +⌕ .*enter to keep · esc to cancel$/mu.test(tail)) return other("menu", "searches its transcript", "the search in the transcript takes the keys");
  if (/^❯ /mu.test(tail) && /enter to open/u.test(tail)) return other("menu", "shows its list of agents", "the list of agents takes the keys");
  if (/^ +(?:(?:⏵⏵|⏸) .*· )?enter to view tasks$/mu.test(tail)) return other("menu", "has its cursor in the footer", "the footer takes the keys");
  if (/^Resume this session with:$/mu.test(tail) && /^claude --resume \S+$/mu.test(tail)) {
    return other("exited", "", "it printed how to resume the session");
  }
  const selected = screen.rows.some((row) => /^ {0,4}❯ ?\d+\. ?\S/u.test(row.text)) || /^ {2}❯ \S/mu.test(tail);
  // A narrow pane wraps the hints.
  const hint = /\b(?:Esc|Enter|Space) to (?:cancel|close|exit|confirm|select|continue|set|go back|clear|tabs)\b|[←↑]\/[→↓] to \w+/u.test(tail.replaceAll(/\s+/gu, " "));
  if (selected || hint) {
    const activity = questions.find(([pattern]) => pattern.test(all))?.[1] ?? "shows a panel";
    return other("dialog", activity, selected ? "a list of answers instead of the composer" : "a panel instead of the composer");
  }
  return other("unknown", "", "no composer with the cursor in it");
}

function other(state: ScreenReading["state"], activity: string, evidence: string): ScreenReading {
  return { state, activity, queued: [], evidence };
}
