import { describe, expect, it } from "vitest";
import type { Screen, ScreenRow } from "../../../node-agent/screen/screen.js";
import { fixtures, readers, type Fixture } from "./screen-fixtures.js";

/** States in which a prompt would be typed. */
const open = ["idle", "draft"];

const read = (kind: string, screen: Screen): string => readers[kind]?.(screen).state ?? "no reader";
const withComposer = fixtures.filter(({ expected }) => open.includes(expected.state));
const questions = fixtures.filter(({ expected }) => expected.state === "dialog");

function composerRows(fixture: Fixture): { first: number; last: number } {
  const composer = readers[fixture.kind]?.(fixture.screen).composer;
  if (!composer) throw new Error(`${fixture.kind}/${fixture.name} has no composer`);
  return { first: composer.firstRow, last: composer.lastRow };
}

describe("a composer", () => {
  it.each(withComposer)("$kind/$name is none where the cursor is elsewhere", (fixture) => {
    const { first, last } = composerRows(fixture);
    // A blank row under a draft may be a line of it, where nothing stands under the composer.
    const end = fixture.expected.state === "draft" ? last + 1 : last;
    for (let cursorY = 0; cursorY < fixture.screen.height; cursorY++) {
      if (cursorY >= first && cursorY <= end) continue;
      expect(open).not.toContain(read(fixture.kind, { ...fixture.screen, cursorY, cursorX: 5 }));
    }
  });

  it.each(withComposer.filter(({ expected }) => expected.state === "idle"))("$kind/$name is not of another agent", (fixture) => {
    for (const kind of Object.keys(readers)) {
      if (kind !== fixture.kind) expect(read(kind, fixture.screen)).not.toBe("idle");
    }
  });

  it.each(withComposer.filter(({ expected }) => expected.state === "idle"))("$kind/$name is not idle without its frame", (fixture) => {
    const { first, last } = composerRows(fixture);
    // Claude's rules, OpenCode's rows of padding and line of the model, the glyph itself: without any of them it is something else.
    const frame = { claude: [first - 1, first, last + 1], codex: [first], gemini: [first], opencode: [first, last + 2, last + 3] }[fixture.kind] ?? [];
    for (const y of frame) {
      const rows = fixture.screen.rows.map((row, index): ScreenRow => (index === y ? { text: "  plain words", runs: [] } : row));
      expect(read(fixture.kind, { ...fixture.screen, rows })).not.toBe("idle");
    }
  });
});

describe("a question", () => {
  it.each(questions)("$kind/$name wins over a composer in the conversation above it", (fixture) => {
    for (const other of withComposer.filter(({ kind }) => kind === fixture.kind)) {
      const { last } = composerRows(other);
      const quoted = other.screen.rows.slice(Math.max(0, last - 4), last + 4);
      const firstText = fixture.screen.rows.findIndex((row) => row.text !== "");
      const rows = [...quoted, ...fixture.screen.rows.slice(firstText)];
      const shift = quoted.length - firstText;
      const screen = { ...fixture.screen, rows, height: rows.length, cursorY: fixture.screen.cursorY + shift, width: fixture.screen.width };
      expect([...open, "busy", "queued"]).not.toContain(read(fixture.kind, screen));
    }
  });
});

describe("words of a conversation", () => {
  const words = [
    "✻ Working… (esc to interrupt)", "• Working (3s • esc to interrupt)", "esc to interrupt", "QUEUED", "Do you want to proceed?", "❯ 1. Yes",
    "❯ ", "› Ask Codex to do anything", "> Type your message or @path/to/file", "Press enter to confirm or esc to cancel", "⠸ Thinking... (esc to cancel, 1s)",
    "────────────────", "╹▀▀▀▀▀▀▀▀", "△ Permission required", "Queued (press ↑ to edit):", "  ↳ something",
  ];

  it.each(withComposer)("$kind/$name is read the same whatever a model or a person has written above it", (fixture) => {
    const before = readers[fixture.kind]?.(fixture.screen);
    const { first } = composerRows(fixture);
    // Agents indent what they show by two columns at least; the rows next to the composer are the agent's own.
    const rows = fixture.screen.rows.map((row, y): ScreenRow => {
      const free = y < first - 10 && row.text === "";
      const text = `  ${words[y % words.length] ?? ""}`;
      return free ? { text, runs: [{ text, bold: false, dim: false, reverse: false, italic: false, foreground: "", background: "" }] } : row;
    });
    const after = readers[fixture.kind]?.({ ...fixture.screen, rows });
    expect(after).toEqual(before);
  });
});
