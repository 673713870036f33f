import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PasteMarker, ScreenReading } from "../../../node-agent/agents/agent-adapter.js";
import { readClaudeScreen } from "../../../node-agent/agents/claude/screen.js";
import { readCodexScreen } from "../../../node-agent/agents/codex/screen.js";
import { readGeminiScreen } from "../../../node-agent/agents/gemini/screen.js";
import { readOpenCodeScreen } from "../../../node-agent/agents/opencode/screen.js";
import { parseScreen } from "../../../node-agent/screen/parse-screen.js";
import type { Screen } from "../../../node-agent/screen/screen.js";

/** What a captured screen shows, decided by eye. Files: `<case>.ansi` is `tmux capture-pane -p -e`; `expected.json` has the rest. */
export interface Expected {
  readonly state: string;
  /** Text of the composer; absent where there is none for keys to go to. */
  readonly text?: string;
  readonly clipped?: boolean;
  readonly markers?: readonly PasteMarker[];
  readonly queued?: readonly string[];
  readonly activity?: string;
  readonly screen: { readonly width: number; readonly cursor: readonly [number, number]; readonly title?: string; readonly alternate?: boolean; readonly dead?: boolean };
}

export const readers: Readonly<Record<string, (screen: Screen) => ScreenReading>> = {
  claude: readClaudeScreen, codex: readCodexScreen, gemini: readGeminiScreen, opencode: readOpenCodeScreen,
};

const folder = fileURLToPath(new URL("../../fixtures/screens", import.meta.url));

export const kinds = readdirSync(folder);

export function casesOf(kind: string): string[] {
  return readdirSync(join(folder, kind)).filter((file) => file.endsWith(".ansi")).map((file) => file.slice(0, -".ansi".length));
}

export function expectedOf(kind: string): Record<string, Expected | undefined> {
  return JSON.parse(readFileSync(join(folder, kind, "expected.json"), "utf8")) as Record<string, Expected | undefined>;
}

export function loadScreen(kind: string, name: string, expected: Expected): Screen {
  const lines = readFileSync(join(folder, kind, `${name}.ansi`), "utf8").replace(/\n$/u, "").split("\n");
  const { width, cursor: [cursorX, cursorY], title = "", alternate = false, dead = false } = expected.screen;
  return {
    rows: parseScreen(lines), width, height: lines.length, cursorX, cursorY, title, alternate, dead,
    inMode: false, panePid: 1, command: kind, typedMark: "", pressedMark: "",
  };
}

export interface Fixture {
  readonly kind: string;
  readonly name: string;
  readonly expected: Expected;
  readonly screen: Screen;
}

export const fixtures: readonly Fixture[] = kinds.flatMap((kind) => {
  const expected = expectedOf(kind);
  return casesOf(kind).flatMap((name) => {
    const entry = expected[name];
    return entry ? [{ kind, name, expected: entry, screen: loadScreen(kind, name, entry) }] : [];
  });
});
