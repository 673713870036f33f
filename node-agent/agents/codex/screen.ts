import type { Screen, ScreenRow } from "../../screen/screen.js";
import type { ScreenReading } from "../agent-adapter.js";
import { firstInkRun, lastTextRow, lastTexts } from "../composer/rows.js";
import { findCodexFrame, type CodexFrame } from "./composer.js";
import { isSideConversation, isSplit } from "./side.js";
import { readCodexTurn } from "./turn.js";

/** Reads a screen of Codex (held against 0.169.0 on 2026-11-23), or of Codewith, whose screens are the same. */
export function readCodexScreen(screen: Screen): ScreenReading {
  if (screen.dead) return { state: "exited", activity: "", queued: [], evidence: "the pane's process has ended" };
  if (lastTextRow(screen) < 0) return { state: "starting", activity: "", queued: [], evidence: "the screen is empty" };
  // Each half has a composer then, and a row of one goes on in the other.
  const frame = isSplit(screen) ? undefined : findCodexFrame(screen);
  return frame ? readComposer(screen, frame) : readWithoutComposer(screen);
}

function readComposer(screen: Screen, frame: CodexFrame): ScreenReading {
  const { composer, footer } = frame;
  const turn = readCodexTurn(screen, frame);
  const typed = composer.text !== "";
  // Enter leaves the text where it is then, as long as nobody starts a server again.
  if (turn.reconnects) return { state: "starting", activity: "reconnects to its server", composer, queued: turn.queued, evidence: `its server is gone${typed ? "; text in the composer" : ""}` };
  // Before its server has answered there is a composer, but neither status line nor list of agents under it.
  const waits = footer.some((text) => text.includes("Waiting for startup")) || (!typed && footer.every((text) => text.trim() === "? for shortcuts"));
  if (waits && !turn.busy) return { state: "starting", activity: "starts", composer, queued: [], evidence: "a composer without its status line" };
  if (screen.rows.slice(0, frame.first).some(isSelectedRow)) {
    return { state: "menu", activity: "offers completions", composer, queued: turn.queued, evidence: "a list over the composer" };
  }
  if (isSideConversation(screen, frame)) return { state: "menu", activity: sideActivity, composer, queued: turn.queued, evidence: "the composer is that of a side conversation" };
  if (turn.busy) {
    const state = turn.queued.length > 0 ? "queued" : "busy";
    return { state, activity: turn.activity, composer, queued: turn.queued, settling: turn.settling, evidence: `composer at the bottom; a turn runs${typed ? "; text in it" : ""}` };
  }
  if (typed) return { state: "draft", activity: frame.shellMode ? "shell mode" : "", composer, queued: [], evidence: "text in the composer at the bottom" };
  return { state: "idle", activity: "", composer, queued: [], evidence: "empty composer at the bottom, no turn line" };
}

const sideActivity = "has a side conversation open";

/** The chosen row of a list: glyph and text reversed. */
function isSelectedRow(row: ScreenRow): boolean {
  const run = firstInkRun(row);
  return run !== undefined && run.reverse && run.text.trimStart().startsWith("›");
}

const questions: readonly (readonly [RegExp, string])[] = [
  [/Would you like to run the following/u, "asks to run a command"],
  [/Would you like to make the following edits/u, "asks to change files"],
  [/Where should the new conversation run\?/u, "asks where to start a conversation"],
  [/Implement this plan\?/u, "asks whether to carry out its plan"],
  [/enter to submit answer/u, "asks a question"],
  [/trust the contents of this directory|Trust this folder\?|Do you trust/iu, "asks whether to trust the folder"],
  [/Would you like|Do you want/u, "asks for a permission"],
];

const keyHint = /\b(?:esc|enter)\b (?:to )?(?:select|back|confirm|cancel|exit|close|dismiss|resume|open|save|submit|continue|insert|edit|interrupt)/u;

function readWithoutComposer(screen: Screen): ScreenReading {
  const tail = lastTexts(screen, 6).join("\n");
  const hints = lastTexts(screen, 3).join(" ").replaceAll(/\s+/gu, " ");
  if (/^(?:Disconnected from this task\.|To reconnect, run:)/mu.test(tail)) return other("exited", "", "it printed how to resume the session");
  if (/Browsing transcript|^ {2}Find:|reverse-i-search:/mu.test(tail)) return other("menu", "searches or browses its transcript", "a search or the transcript takes the keys");
  if (/^ ↑\/↓ to scroll · /mu.test(tail)) return other("menu", "shows a text to scroll through", "a text over the whole screen takes the keys");
  // Another program has the conversation open: r, f and q are keys there (0.171.0, `resume` beside `--no-daemon`).
  if (/\br retry\b.*\bf fork\b/u.test(hints)) return other("dialog", "says that its conversation is open elsewhere", "a notice with keys instead of the composer");
  if (screen.rows.some(isSelectedRow) || keyHint.test(hints) || /^\[ [.!] \] Action Required/u.test(screen.title)) {
    const all = screen.rows.map((row) => row.text).join(" ").replaceAll(/\s+/gu, " ");
    return other("dialog", questions.find(([pattern]) => pattern.test(all))?.[1] ?? "shows a panel", "a list or panel instead of the composer");
  }
  if (isSplit(screen)) return other("menu", sideActivity, "a side conversation stands beside the main one");
  return other("unknown", "", "no composer with the cursor in it");
}

function other(state: ScreenReading["state"], activity: string, evidence: string): ScreenReading {
  return { state, activity, queued: [], evidence };
}
