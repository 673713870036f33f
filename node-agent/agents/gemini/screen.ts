import type { Screen } from "../../screen/screen.js";
import type { ScreenReading } from "../agent-adapter.js";
import { lastTextRow, lastTexts } from "../composer/rows.js";
import { findGeminiFrame, type GeminiFrame } from "./composer.js";

/** Reads a screen of Gemini CLI (held against 0.61.0 on 2026-11-23). */
export function readGeminiScreen(screen: Screen): ScreenReading {
  if (screen.dead) return { state: "exited", activity: "", queued: [], evidence: "the pane's process has ended" };
  if (lastTextRow(screen) < 0) return { state: "starting", activity: "", queued: [], evidence: "the screen is empty" };
  const frame = findGeminiFrame(screen);
  // The hand in the title says that a question is open, whatever else is shown.
  return frame && !screen.title.startsWith("✋") ? readComposer(screen, frame) : readWithoutComposer(screen);
}

function readComposer(screen: Screen, frame: GeminiFrame): ScreenReading {
  const { composer } = frame;
  const queued = queuedAbove(screen, frame);
  const typed = composer.text !== "";
  if (frame.mode === "search") return { state: "menu", activity: "searches its history", composer, queued, evidence: "history search in the composer" };
  if (typed && hasCompletions(screen, frame)) {
    return { state: "menu", activity: "offers completions", composer, queued, evidence: "a list of completions under the composer" };
  }
  if (queued.length > 0 || hasSpinner(screen, frame) || screen.title.startsWith("✦")) {
    const state = queued.length > 0 ? "queued" : "busy";
    return { state, activity: "works on a turn", composer, queued, evidence: `composer with the cursor in it; a turn runs${typed ? "; text in it" : ""}` };
  }
  if (typed) return { state: "draft", activity: frame.mode === "shell" ? "shell mode" : "", composer, queued: [], evidence: "text in the composer" };
  return { state: "idle", activity: "", composer, queued: [], evidence: "empty composer, no spinner over it" };
}

/** Rows that can stand between the conversation and the composer: status, rule and mode line, each of which may wrap. */
const statusRows = 8;

/** A braille cell at the left edge; what a model prints is indented by two. */
function hasSpinner(screen: Screen, frame: GeminiFrame): boolean {
  return screen.rows.slice(Math.max(0, frame.upper - statusRows), frame.upper).some((row) => /^ ?[\u2800-\u28FF] \S/u.test(row.text));
}

/** `  Queued (press ↑ to edit):` and up to three prompts, each cut to one row. */
function queuedAbove(screen: Screen, frame: GeminiFrame): string[] {
  const rows = screen.rows.slice(0, frame.upper);
  const head = rows.findLastIndex((row) => row.text.startsWith("  Queued (press ") && row.runs.some((run) => run.dim));
  if (head < 0) return [];
  const after = rows.slice(head + 1);
  const end = after.findIndex((row) => row.text === "");
  return after.slice(0, end < 0 ? after.length : end).map((row) => row.text.trim());
}

/** The chosen completion is tinted; without colours there are more rows than a footer has. */
function hasCompletions(screen: Screen, frame: GeminiFrame): boolean {
  const under = screen.rows.slice(frame.lower + 1).filter((row) => row.text !== "");
  if (under.some((row) => row.runs.some((run) => run.background !== "" && run.text.trim() !== ""))) return true;
  return under.length > 2 && /^\/|@/u.test(frame.composer.text);
}

const questions: readonly (readonly [RegExp, string])[] = [
  [/Allow execution of/u, "asks to run a command"],
  [/Apply this change\?/u, "asks to change a file"],
  [/Do you trust|Trust folder/iu, "asks whether to trust the folder"],
  [/Answer Questions/u, "asks a question"],
  [/Do you want to proceed\?|Action Required/u, "asks for a permission"],
];

function readWithoutComposer(screen: Screen): ScreenReading {
  const last = screen.rows[lastTextRow(screen)]?.text ?? "";
  const tail = lastTexts(screen, 30).join("\n");
  if (/To resume this session: gemini --resume \S+/u.test(tail) && last.endsWith("╯")) return other("exited", "", "it printed how to resume the session");
  const boxed = /^ ?╰─+╯$/u.test(last) && /│ .*[●❯]|Esc to (?:close|exit|cancel)|Enter to select/u.test(tail);
  if (boxed || screen.title.startsWith("✋") || /Navigate: ↑\/↓ +Resume: Enter/u.test(tail)) {
    return other("dialog", questions.find(([pattern]) => pattern.test(tail))?.[1] ?? "shows a panel", "a box with a choice instead of the composer");
  }
  return other("unknown", "", "no composer with the cursor in it");
}

function other(state: ScreenReading["state"], activity: string, evidence: string): ScreenReading {
  return { state, activity, queued: [], evidence };
}
