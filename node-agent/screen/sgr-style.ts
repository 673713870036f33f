import type { StyledRun } from "./screen.js";

export type Style = Omit<StyledRun, "text">;

export const plainStyle: Style = { bold: false, dim: false, reverse: false, italic: false, foreground: "", background: "" };

export function sameStyle(a: Style, b: Style): boolean {
  return a.bold === b.bold && a.dim === b.dim && a.reverse === b.reverse && a.italic === b.italic
    && a.foreground === b.foreground && a.background === b.background;
}

/** The style after one SGR sequence; `parameters` is what stands between `ESC[` and `m`. Colons and semicolons both separate. */
export function applySgr(style: Style, parameters: string): Style {
  const next = { ...style };
  // Private sequences such as `ESC[>4m` set keyboard modes, not styles.
  if (/[<=>?]/u.test(parameters)) return next;
  const groups = parameters.split(";");
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] ?? "";
    const code = Number(group.split(":", 1)[0] ?? "");
    if (code === 38 || code === 48 || code === 58) {
      const { colour, used } = group.includes(":") ? colonColour(group) : semicolonColour(groups.slice(i));
      i += used - 1;
      if (colour === undefined) continue;
      if (code === 38) next.foreground = `38;${colour}`;
      else if (code === 48) next.background = `48;${colour}`;
    } else applyCode(next, code);
  }
  return next;
}

function applyCode(style: { -readonly [K in keyof Style]: Style[K] }, code: number): void {
  switch (code) {
    case 0: Object.assign(style, plainStyle); break;
    case 1: style.bold = true; break;
    case 2: style.dim = true; break;
    case 3: style.italic = true; break;
    case 7: style.reverse = true; break;
    case 22: style.bold = false; style.dim = false; break;
    case 23: style.italic = false; break;
    case 27: style.reverse = false; break;
    case 39: style.foreground = ""; break;
    case 49: style.background = ""; break;
    default:
      if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style.foreground = String(code);
      else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) style.background = String(code);
  }
}

interface Colour {
  /** `5;n` or `2;r;g;b`; undefined where it is malformed. */
  readonly colour: string | undefined;
  /** Semicolon groups it took. */
  readonly used: number;
}

/** `38:5:n`, `38:2:r:g:b`, or with a colour space (mostly empty) `38:2::r:g:b`. */
function colonColour(group: string): Colour {
  const [, kind, ...values] = group.split(":");
  if (kind === "5" && values.length > 0) return { colour: `5;${numeral(values[0])}`, used: 1 };
  if (kind === "2" && values.length >= 3) {
    return { colour: `2;${(values.length > 3 ? values.slice(1, 4) : values).map(numeral).join(";")}`, used: 1 };
  }
  return { colour: undefined, used: 1 };
}

function semicolonColour(groups: readonly string[]): Colour {
  if (groups[1] === "5" && groups.length >= 3) return { colour: `5;${numeral(groups[2])}`, used: 3 };
  if (groups[1] === "2" && groups.length >= 5) return { colour: `2;${groups.slice(2, 5).map(numeral).join(";")}`, used: 5 };
  return { colour: undefined, used: groups.length };
}

/** An empty parameter is 0. */
function numeral(parameter: string | undefined): string {
  return String(Number(parameter ?? ""));
}
