import type { Screen, ScreenRow } from "../../screen/screen.js";
import type { CodexFrame } from "./composer.js";

/** What stands between the conversation and the composer. */
export interface CodexTurn {
  readonly busy: boolean;
  /** Only the title, which is set on its own time, says that a turn runs. */
  readonly settling: boolean;
  readonly activity: string;
  readonly queued: readonly string[];
  /** Its server is gone: keys that submit do nothing until there is one again. */
  readonly reconnects: boolean;
}

const brailleTitle = /^[\u2800-\u28FF] /u;
const queueHeads = /^• (?:Queued follow-up inputs|Messages to be submitted)/u;

/** Reads upwards from the composer: held prompts, then the line of the running turn. */
export function readCodexTurn(screen: Screen, frame: CodexFrame): CodexTurn {
  const held: ScreenRow[] = [];
  let working: ScreenRow | undefined;
  let reconnects = false;
  for (let y = frame.first - 1; y >= 0; y--) {
    const row = screen.rows[y];
    if (!row) break;
    if (queueHeads.test(row.text)) {
      held.unshift(row);
      continue;
    }
    // "Worked for 2s" ends the turn above it.
    if (/^ {2}Worked for /u.test(row.text)) break;
    if (row.text !== "" && !row.text.startsWith(" ")) {
      if (isWorking(row)) working = row;
      reconnects = isReconnecting(row);
      break;
    }
    held.unshift(row);
  }
  const queued = held.some((row) => queueHeads.test(row.text)) ? queuedIn(held) : [];
  const shown = working !== undefined || queued.length > 0;
  const busy = shown || brailleTitle.test(screen.title);
  return { busy, settling: busy && !shown, activity: busy ? describe(working?.text ?? "") : "", queued, reconnects };
}

/** `• Working (1s • esc to interrupt)`: the key is bold and the rest dim, which a model's message is not. */
function isWorking(row: ScreenRow): boolean {
  return /^[•◦] .*\(.*esc/u.test(row.text) && row.runs.some((run) => run.bold && run.text === "esc") && row.runs.some((run) => run.dim && run.text.includes("("));
}

/** `• Reconnecting to server… (3s)`, all of it dim but for the dot, which a model's message is not (0.171.0, its shared server killed). */
function isReconnecting(row: ScreenRow): boolean {
  return /^[•◦] Reconnecting to server… \(\d/u.test(row.text) && row.runs.some((run) => run.dim && run.text.includes("("));
}

function describe(text: string): string {
  return /^[•◦] (?:Reconnecting|Retrying)/u.test(text) ? "waits to call its model again" : "works on a turn";
}

/** `  ↳ text`, further rows of it indented by four; the hint under the last one starts with a bold key. */
function queuedIn(rows: readonly ScreenRow[]): string[] {
  const queued: string[][] = [];
  for (const row of rows) {
    if (row.text.startsWith("  ↳ ")) queued.push([row.text.slice(4)]);
    else if (row.text.startsWith("    ") && row.runs.every((run) => !run.bold)) queued.at(-1)?.push(row.text.slice(4));
  }
  return queued.map((lines) => lines.join("\n"));
}
