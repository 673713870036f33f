import type { Screen } from "../../screen/screen.js";
import type { ScreenReading } from "../agent-adapter.js";
import { lastTextRow } from "../composer/rows.js";
import { readBarRow, type BarRow } from "./bar-row.js";
import { findOpenCodeFrame, type OpenCodeFrame } from "./composer.js";

/** Reads a screen of OpenCode (held against 1.18.33 on 2026-11-23). */
export function readOpenCodeScreen(screen: Screen): ScreenReading {
  if (screen.dead) return { state: "exited", activity: "", queued: [], evidence: "the pane's process has ended" };
  if (lastTextRow(screen) < 0) return { state: "starting", activity: "", queued: [], evidence: "the screen is empty" };
  const frame = findOpenCodeFrame(screen);
  return frame ? readComposer(screen, frame) : readWithoutComposer(screen);
}

function readComposer(screen: Screen, frame: OpenCodeFrame): ScreenReading {
  const { composer } = frame;
  const typed = composer.text !== "";
  const queued = queuedAbove(screen, frame);
  if (isCompletion(screen.rows[frame.upper - 1]?.text, frame.column)) {
    return { state: "menu", activity: "offers completions", composer, queued, evidence: "a list of completions over the composer" };
  }
  const footer = screen.rows.slice(frame.lower + 1).map((row) => row.text).join("\n");
  // A moving bar stands in the footer's left corner; where animations are off, three dots. A long error leaves one cell of it (1.18.33, 100 columns).
  const retries = /retrying (?:in \d|att)/u.test(footer.replaceAll(/\s+/gu, " "));
  if (queued.length > 0 || retries || /^ +(?:[⬝■]|\[⋯\])/mu.test(footer)) {
    const state = queued.length > 0 ? "queued" : "busy";
    const activity = retries ? "waits to call its model again" : "works on a turn";
    return { state, activity, composer, queued, evidence: `composer with the cursor in it; a turn runs${typed ? "; text in it" : ""}` };
  }
  if (typed) return { state: "draft", activity: frame.shellMode ? "shell mode" : "", composer, queued: [], evidence: "text in the composer" };
  return { state: "idle", activity: "", composer, queued: [], evidence: "empty composer with the cursor in it, no progress bar under it" };
}

function isCompletion(text: string | undefined, column: number): boolean {
  return text !== undefined && text[column] === "┃" && /┃(?: |$)/u.test(text.slice(column + 1)) && text.slice(0, column).trim() === "";
}

/** A held message has a tinted ` QUEUED ` tag in its last row. */
function queuedAbove(screen: Screen, frame: OpenCodeFrame): string[] {
  if (!screen.rows.some((row) => row.text.includes(" QUEUED"))) return [];
  const queued: string[] = [];
  let block: string[] = [];
  for (const row of screen.rows.slice(0, frame.upper)) {
    const bar = readBarRow(row);
    if (bar?.column !== frame.column) block = [];
    else if (bar.body.some((run) => run.text === " QUEUED " && run.bold && run.background !== "")) queued.push(block.filter((line) => line !== "").join("\n"));
    else block.push(messageText(bar));
  }
  return queued;
}

/** Words of a message; where themes have no tint the side panel may follow them. */
function messageText(row: BarRow): string {
  const text = row.body.map((run) => run.text).join("");
  return text.startsWith("    ") ? "" : (text.trim().split("    ", 1)[0] ?? "");
}

function readWithoutComposer(screen: Screen): ScreenReading {
  const rows = screen.rows.map((row) => row.text);
  const all = rows.join("\n");
  // What asks stands where the composer did, below the messages, which may quote such a block.
  const lowest = lowestBlock(rows);
  const words = lowest.join("\n");
  if (/┃ +△ /u.test(words)) return other("dialog", "asks for a permission", "a permission block instead of the composer");
  if (isQuestion(lowest, rows)) return other("dialog", "asks a question", "a block with a choice instead of the composer");
  if (lowest.some((text) => /\bParent\b.*\bPrev\b.*\bNext\b/u.test(text))) {
    return other("menu", "shows a subagent's session", "a session of a subagent, which has no composer");
  }
  if (/^ *Continue +opencode -s \S+$/mu.test(all)) return other("exited", "", "it printed how to resume the session");
  // A panel over the screen: its title row ends with the key that closes it.
  if (rows.some((text) => /\S +esc(?:\/enter)?(?: {2,}|$)/u.test(text)) || /^ tab focus file tree/mu.test(all)) {
    return other("menu", "shows a panel", "a panel over the screen takes the keys");
  }
  if (isCovered(rows)) return other("menu", "its side panel covers the composer", "a side panel that reaches over the composer");
  return other("unknown", "", "no composer with the cursor in it");
}

/** Rows of the last block with a side bar. */
function lowestBlock(rows: readonly string[]): readonly string[] {
  const last = rows.findLastIndex(isBar);
  return rows.slice(rows.findLastIndex((text, y) => y < last && !isBar(text)) + 1, last + 1);
}

const isBar = (text: string): boolean => text.trimStart().startsWith("┃");

/**
 * In a narrow pane the words of a question's line of keys are wrapped, each under its own key; a question that is higher than the pane
 * is cut at the lower edge, with that line (1.18.33).
 */
function isQuestion(block: readonly string[], rows: readonly string[]): boolean {
  const words = block.join("\n");
  if (/enter (?:submit|confirm|toggle)/u.test(words) && /esc dismiss|⇆ (?:select|tab)|↑↓ select/u.test(words)) return true;
  const isCut = isBar(rows.at(-1) ?? "") && block.some((text) => /^ *┃ +1\. \S/u.test(text));
  return isCut || block.some((text) => /^ *┃ +(?:⇆|↑↓) /u.test(text));
}

/**
 * Up to 120 columns the side panel, when it is called for, lies over the right part of the composer and what is typed there (1.18.33): its
 * last row begins two cells behind what is left of the composer's lower edge. In wider panes a margin is between them.
 */
function isCovered(rows: readonly string[]): boolean {
  const edge = rows.findLast((text) => /^ *╹▀+$/u.test(text));
  return edge !== undefined && rows.some((text) => text.indexOf("• OpenCode ") === edge.length + 2);
}

function other(state: ScreenReading["state"], activity: string, evidence: string): ScreenReading {
  return { state, activity, queued: [], evidence };
}
