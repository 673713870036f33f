import type { Profile } from "../../../core/config/profile-schema.js";
import type { Screen, ScreenRow } from "../../screen/screen.js";
import type { Composer, ScreenReading } from "../agent-adapter.js";
import { lastTextRow } from "../composer/rows.js";
import { makeComposer, textOf, withoutGhost } from "../composer/typed-text.js";

type ScreenProfile = Profile["screen"];

/** Reads a screen by a profile. What the profile does not describe is `unknown`, and a dialog wins over everything. */
export function readProfileScreen(profile: ScreenProfile): (screen: Screen) => ScreenReading {
  const rules = compile(profile);
  return (screen) => {
    if (screen.dead) return reading("exited", "the pane's process has ended");
    if (lastTextRow(screen) < 0) return reading("starting", "the screen is empty");
    const shows = (patterns: readonly RegExp[]): boolean => screen.rows.some((row) => patterns.some((pattern) => pattern.test(row.text)));
    if (shows(rules.dialog)) return { ...reading("dialog", "a row that the profile names as a question"), activity: "asks a question" };
    const composer = findComposer(screen, rules);
    if (!composer) return reading("unknown", "no composer as the profile describes it");
    if (shows(rules.menu)) return { ...reading("menu", "a row that the profile names as a menu"), composer };
    const queued = screen.rows.flatMap((row) => rules.queued.flatMap((pattern) => pattern.exec(row.text)?.groups?.["text"] ?? []));
    if (shows(rules.busy)) return { ...reading(queued.length > 0 ? "queued" : "busy", "a row that the profile names as busy"), activity: "works on a turn", composer, queued };
    const isEmpty = composer.text.trim() === "";
    return { ...reading(isEmpty ? "idle" : "draft", isEmpty ? "an empty composer" : "text in the composer"), composer, queued };
  };
}

interface Rules {
  readonly above: RegExp | undefined;
  readonly first: RegExp;
  readonly next: RegExp | undefined;
  readonly below: RegExp | undefined;
  readonly busy: readonly RegExp[];
  readonly dialog: readonly RegExp[];
  readonly menu: readonly RegExp[];
  readonly queued: readonly RegExp[];
}

function compile({ composer, busy, dialog, menu, queued }: ScreenProfile): Rules {
  const one = (source: string | undefined): RegExp | undefined => (source === undefined ? undefined : new RegExp(source, "u"));
  const all = (sources: readonly string[]): RegExp[] => sources.map((source) => new RegExp(source, "u"));
  return {
    above: one(composer.above), first: new RegExp(composer.first, "u"), next: one(composer.next), below: one(composer.below),
    busy: all(busy), dialog: all(dialog), menu: all(menu), queued: all(queued),
  };
}

/** The lowest block of rows that is framed as described, with the terminal's cursor in it: what a model printed may look the same. */
function findComposer(screen: Screen, rules: Rules): Composer | undefined {
  for (let first = lastTextRow(screen); first >= 0; first--) {
    const row = screen.rows[first];
    if (!row || !rules.first.test(row.text) || (rules.above && !rules.above.test(screen.rows[first - 1]?.text ?? ""))) continue;
    const lines = [typed(row, rules.first)];
    let last = first;
    for (; rules.next && last + 1 < screen.rows.length; last++) {
      const next = screen.rows[last + 1];
      // An empty line of the text has lost its indent: blanks at the end of a row are not captured.
      const isNext = (text: string): boolean => rules.next?.test(text) === true;
      if (!next || rules.below?.test(next.text) || !(isNext(next.text) || (rules.below && isNext(next.text.padEnd(screen.width))))) break;
      lines.push(typed(next, rules.next));
    }
    if (rules.below && !rules.below.test(screen.rows[last + 1]?.text ?? "")) return undefined;
    if (screen.cursorY < first || screen.cursorY > last) return undefined;
    // A profile cannot tell how many rows the agent shows, so that its end may be all there is to see.
    return makeComposer(lines, first, lines.length > 1);
  }
  return undefined;
}

/** The pattern is held against what is left of the row without ghost text; where nothing fits any more, the ghost counts as typed. */
function typed(row: ScreenRow, pattern: RegExp): string {
  const match = pattern.exec(textOf(withoutGhost(row.runs))) ?? pattern.exec(row.text);
  return match?.groups?.["text"] ?? "";
}

function reading(state: ScreenReading["state"], evidence: string): ScreenReading {
  return { state, activity: "", queued: [], evidence };
}
