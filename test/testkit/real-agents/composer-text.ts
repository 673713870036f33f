import type { RealAgentKind } from "./kinds.js";

/**
 * What stands in the agent's input box on a plain-text screen, rows joined by "\n"; "" for an empty one, undefined where none is to be seen.
 * A plain reading for tests, on purpose apart from the product's own.
 */
export function composerText(kind: RealAgentKind, screen: string): string | undefined {
  const rows = screen.split("\n").map((row) => row.trimEnd());
  return readers[kind](rows);
}

const readers: Record<RealAgentKind, (rows: string[]) => string | undefined> = {
  claude(rows) {
    const rules = rows.flatMap((row, index) => (/^─{20,}/.test(row) ? [index] : []));
    const [top, bottom] = rules.slice(-2);
    if (top === undefined || bottom === undefined || !/^[❯!]/.test(rows[top + 1] ?? "")) return undefined;
    const text = rows.slice(top + 1, bottom).map((row) => row.replace(/^.[\u00a0 ]?|^ {2}/, "")).join("\n");
    return text.startsWith("Try \"") ? "" : text.trimEnd();
  },
  codex(rows) {
    const first = rows.findLastIndex((row) => /^[›!]( |$)/.test(row));
    if (first < 0 || /^› \d\. /.test(rows[first] ?? "")) return undefined;
    const footer = rows.findIndex((row, index) => index > first && /^ {2}\S.* · /.test(row));
    const text = rows.slice(first, footer < 0 ? undefined : footer).map((row) => row.slice(2)).join("\n").trim();
    return text === "Ask Codex to do anything" ? "" : text;
  },
  gemini(rows) {
    const first = rows.findLastIndex((row) => /^ [>!*]( |$)/.test(row));
    if (first < 0 || !rows.slice(Math.max(0, first - 3), first).some((row) => /^[─▀▄]{20,}/.test(row))) return undefined;
    const footer = rows.findIndex((row, index) => index > first && /^ workspace|^─{20,}|^[▀▄]{20,}/.test(row));
    const text = rows.slice(first, footer < 0 ? undefined : footer).map((row) => row.slice(3)).join("\n").trim();
    return text.startsWith("Type your message or @path/to/file") ? "" : text;
  },
  opencode(rows) {
    const last = rows.findLastIndex((row) => /^ *╹▀{20,}/.test(row));
    if (last < 0) return undefined;
    const left = (rows[last] ?? "").indexOf("╹");
    const right = (rows[last] ?? "").lastIndexOf("▀") + 1;
    let first = last;
    while (first > 0 && rows[first - 1]?.[left] === "┃") first--;
    const text = rows.slice(first, last - 1).map((row) => row.slice(left + 1, right).trim()).join("\n").trim();
    return text.startsWith("Ask anything…") ? "" : text;
  },
};

/** Rows in which the agent itself says that it works or asks; what is quoted in the talk above them counts for nothing. */
const busy: Record<RealAgentKind, (rows: string[]) => boolean> = {
  claude: (rows) => rows.slice(-4).some((row) => /esc to interrupt/.test(row)) || aboveLast(rows, /^─{20,}/, 6).some((row) => /^[^\s\w●❯⎿] \S+…/.test(row)),
  codex: (rows) => aboveLast(rows, /^[›!]( |$)/, 8).some((row) => /^[•◦] .*esc to interrupt|^• Starting MCP|Queued follow-up/.test(row)),
  gemini: (rows) => aboveLast(rows, /^ [>!*]( |$)/, 8).some((row) => /^ *[\u2800-\u28ff] |^ *Queued \(|^ℹ Initializing/.test(row)) || rows.some((row) => /Waiting for authentication/.test(row)),
  opencode: (rows) => rows.slice(rows.findLastIndex((row) => /^ *╹▀{20,}/.test(row))).some((row) => /esc (interrupt|again)/.test(row)),
};

function aboveLast(rows: string[], mark: RegExp, count: number): string[] {
  const last = rows.findLastIndex((row) => mark.test(row));
  return rows.slice(Math.max(0, last - count), Math.max(0, last));
}

/** An empty composer, nothing running, nothing asked. */
export function isIdle(kind: RealAgentKind, screen: string): boolean {
  const rows = screen.split("\n").map((row) => row.trimEnd());
  while (rows.at(-1) === "") rows.pop();
  return composerText(kind, screen) === "" && !busy[kind](rows);
}
