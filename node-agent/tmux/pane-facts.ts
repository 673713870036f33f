import { randomUUID } from "node:crypto";

/** One pane as seen through one session; a window that is linked to two sessions gives two of these for each pane. */
export interface PaneFacts {
  /** `%7` */
  readonly paneId: string;
  readonly panePid: number;
  readonly dead: boolean;
  readonly inMode: boolean;
  /** `$1` */
  readonly sessionId: string;
  /** As tmux keeps it: control characters are written as `\t` or `\033`, a colon or dot as `_`. */
  readonly sessionName: string;
  readonly windowIndex: number;
  /** As tmux keeps it: control characters are written as `\t` or `\033`. */
  readonly windowName: string;
  /** `@3` */
  readonly windowId: string;
  /** Current window of its session. */
  readonly windowActive: boolean;
  readonly paneIndex: number;
  /** Active pane of its window. */
  readonly paneActive: boolean;
  readonly width: number;
  readonly height: number;
  /** Foreground command. */
  readonly command: string;
  readonly cwd: string;
  readonly title: string;
}

const fields = [
  "pane_id", "pane_pid", "pane_dead", "pane_in_mode", "session_id", "session_name", "window_index", "window_name", "window_id",
  "window_active", "pane_index", "pane_active", "pane_width", "pane_height", "pane_current_command", "pane_current_path", "pane_title",
];

/** Command and folder may hold any byte but NUL, line ends too: only a separator that nobody can guess is safe between fields. */
export function newSeparator(): string {
  return `~${randomUUID().slice(-12)}~`;
}

/** Format of one pane: every field, then the separator (at the end of the record too). */
export function fieldFormat(names: readonly string[], separator: string): string {
  return names.map((name) => `#{${name}}${separator}`).join("");
}

export function paneListFormat(separator: string): string {
  return fieldFormat(fields, separator);
}

export function parsePaneList(lines: readonly string[], separator: string): PaneFacts[] {
  const parts = lines.join("\n").split(separator);
  const panes: PaneFacts[] = [];
  for (let i = 0; i + fields.length < parts.length; i += fields.length) {
    const [paneId = "", pid, dead, inMode, sessionId = "", sessionName = "", windowIndex, windowName = "", windowId = "",
      windowActive, paneIndex, paneActive, width, height, command = "", cwd = "", title = ""] = parts.slice(i, i + fields.length);
    panes.push({
      // The line end between two records belongs to none of them.
      paneId: paneId.trimStart(), panePid: Number(pid), dead: dead === "1", inMode: inMode !== "0", sessionId, sessionName,
      windowIndex: Number(windowIndex), windowName, windowId, windowActive: windowActive === "1", paneIndex: Number(paneIndex),
      paneActive: paneActive === "1", width: Number(width), height: Number(height), command, cwd, title,
    });
  }
  return panes;
}
