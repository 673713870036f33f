import { applySgr, plainStyle, sameStyle, type Style } from "./sgr-style.js";
import type { ScreenRow, StyledRun } from "./screen.js";

// One escape sequence: CSI, OSC/DCS/APC/PM/SOS up to its terminator, charset designation, or any other two-byte escape.
const escapePattern = /\u001B(?:\[(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])|[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]+[0-~]|[0-~])/uy;

/** What is text as it stands: taken at once, since nearly all of a screen is. */
const plainSpan = /[^\u0000-\u001F\u007F-\u009F]+/uy;

const shiftOut = "\u000E";
const shiftIn = "\u000F";

/** DEC line drawing, which tmux keeps as letters between SO and SI. */
const lineDrawing: ReadonlyMap<string, string> = new Map(Object.entries({
  "`": "◆", a: "▒", b: "␉", c: "␌", d: "␍", e: "␊", f: "°", g: "±", h: "␤", i: "␋", j: "┘", k: "┐", l: "┌", m: "└", n: "┼", o: "⎺",
  p: "⎻", q: "─", r: "⎼", s: "⎽", t: "├", u: "┤", v: "┴", w: "┬", x: "│", y: "≤", z: "≥", "{": "π", "|": "≠", "}": "£", "~": "·",
}));

/**
 * Rows of `capture-pane -e` (tmux 3.2 and 3.3a) with their styles. A style goes on over line ends, as tmux writes it.
 * Other escape sequences and control characters are dropped. Only spaces count as trailing blanks: a no-break space is text.
 */
export function parseScreen(lines: readonly string[]): ScreenRow[] {
  let style = plainStyle;
  let drawing = false;
  return lines.map((line) => {
    const runs: StyledRun[] = [];
    let text = "";
    const finishRun = (): void => {
      if (text === "") return;
      const last = runs.at(-1);
      if (last !== undefined && sameStyle(last, style)) runs[runs.length - 1] = { ...last, text: last.text + text };
      else runs.push({ text, ...style });
      text = "";
    };
    const setStyle = (next: Style): void => {
      finishRun();
      style = next;
    };
    for (let i = 0; i < line.length;) {
      plainSpan.lastIndex = i;
      const plain = drawing ? undefined : plainSpan.exec(line)?.[0];
      if (plain !== undefined) {
        text += plain;
        i += plain.length;
        continue;
      }
      const character = line[i] ?? "";
      if (character === "\u001B") {
        escapePattern.lastIndex = i;
        const match = escapePattern.exec(line);
        if (match?.groups?.["final"] === "m") setStyle(applySgr(style, match.groups["parameters"] ?? ""));
        i += match?.[0].length ?? 1;
        continue;
      }
      if (character === shiftOut) drawing = true;
      else if (character === shiftIn) drawing = false;
      else if (!isControl(character)) text += drawing ? lineDrawing.get(character) ?? character : character;
      i++;
    }
    finishRun();
    return { text: runs.map((run) => run.text).join("").replace(/ +$/u, ""), runs };
  });
}

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
