import xterm from "@xterm/headless";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScreen } from "../../../node-agent/screen/parse-screen.js";
import type { ScreenRow } from "../../../node-agent/screen/screen.js";
import { eventually, startTmux } from "../../testkit/tmux.js";

const columns = 120;

const number = fc.integer({ min: 0, max: 255 });
const anyColour = fc.oneof(
  fc.integer({ min: 0, max: 7 }).map((n) => [String(30 + n), String(40 + n)]),
  fc.integer({ min: 0, max: 7 }).map((n) => [String(90 + n), String(100 + n)]),
  number.map((n) => [`38;5;${n}`, `48;5;${n}`]),
  number.map((n) => [`38:5:${n}`, `48:5:${n}`]),
  fc.tuple(number, number, number).map(([r, g, b]) => [`38;2;${r};${g};${b}`, `48;2;${r};${g};${b}`]),
  fc.tuple(number, number, number).map(([r, g, b]) => [`38:2::${r}:${g}:${b}`, `48:2::${r}:${g}:${b}`]),
  fc.constant(["39", "49"]),
).chain((pair) => fc.constantFrom(...pair));
const attribute = fc.constantFrom("", "0", "1", "2", "3", "4", "5", "7", "9", "22", "23", "24", "25", "27", "29", "4:3", "53", "58:5:7", "58;5;1");
const sgr = fc.array(fc.oneof(anyColour, attribute), { minLength: 1, maxLength: 4 }).map((codes) => `\u001B[${codes.join(";")}m`);
const plain = fc.array(fc.constantFrom(..."abz09 .,;:[]<>m❯›✳│─█éß漢字ｱ🙂\u00A0"), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
const drawing = fc.array(fc.constantFrom(..."`afgjklmnopqrstuvwxyz{|}~"), { minLength: 1, maxLength: 4 }).map((parts) => `\u000E${parts.join("")}\u000F`);
const noise = fc.constantFrom("\u001B]8;;http://x.example/\u001B\\", "\u001B]0;title\u0007", "\u001B(B", "\u001B[?25l", "\u001B[>4;1m", "\u001B=");
const lines = fc.array(fc.array(fc.oneof({ weight: 4, arbitrary: plain }, { weight: 4, arbitrary: sgr }, drawing, noise), { maxLength: 10 }).map((parts) => parts.join("")), { minLength: 1, maxLength: 6 });

test("text and styles are those that a terminal shows", async () => {
  await fc.assert(fc.asyncProperty(lines, async (input) => {
    const rows = parseScreen(input);
    expect(rows.map((row) => row.runs.map((run) => run.text).join("").replace(/ +$/u, ""))).toEqual(rows.map((row) => row.text));
    expect(cellsOfRows(rows)).toEqual(await cellsOfTerminal(input));
  }), { numRuns: 300 });
});

test("what a real pane shows is read as a terminal would show the program's output", async () => {
  const program = [
    "\u001B[1mbold\u001B[22m \u001B[2mghost text\u001B[0m \u001B[7m \u001B[27m tail", "\u001B[38;5;248mgrey \u001B[48;2;1;2;3mon rgb\u001B[m plain",
    "❯\u00A0漢字 🙂 \u001B[3;31mitalic red", "still red\u001B[0m", "\u001B(0lqqk\u001B(B corners", "",
  ];
  const tmux = await startTmux(["sh", "-c", `printf '%s' '${program.join("\r\n")}'; exec cat`]);
  const captured = await eventually(async () => {
    const text = await tmux.tmux("capture-pane", "-p", "-e", "-t", "%0");
    return text.includes("corners") ? text.split("\n") : undefined;
  }, "the program's output");
  expect(cellsOfRows(parseScreen(captured)).slice(0, program.length - 1)).toEqual((await cellsOfTerminal(program)).slice(0, program.length - 1));
});

test("equal styles side by side are one run, and a style goes on over line ends", () => {
  const rows = parseScreen(["\u001B[2mab\u001B[0m\u001B[2mcd", "ef\u001B[0m  "]);
  expect(rows.map((row) => row.runs.map((run) => [run.text, run.dim]))).toEqual([[["abcd", true]], [["ef", true], ["  ", false]]]);
  expect(rows[1]?.text).toBe("ef");
});

test("a cut escape sequence takes no later text with it", () => {
  expect(parseScreen(["a\u001B", "b\u001B[", "\u001B[12;", "c\u001B]0;cut", "d\u0007\u0085\u007Fe"]).map((row) => row.text))
    .toEqual(["a", "b", "12;", "c", "de"]);
});

interface Cell { text: string; bold: boolean; dim: boolean; italic: boolean; reverse: boolean; foreground: string; background: string }

/** Cells with a text or a style worth telling, so that both sides agree on how far a row goes. */
function trimmed(cells: Cell[]): Cell[] {
  const blank = (cell: Cell): boolean => cell.text === " " && !cell.reverse && cell.background === "";
  let end = cells.length;
  while (end > 0 && blank(cells[end - 1] as Cell)) end--;
  return cells.slice(0, end);
}

function cellsOfRows(rows: readonly ScreenRow[]): Cell[][] {
  return rows.map((row) => trimmed(row.runs.flatMap(({ text, foreground, background, ...style }) =>
    [...text].map((character) => ({ text: character, ...style, foreground: canonical(foreground), background: canonical(background) })))));
}

/** `31`, `41` and `38;5;1` are the same colour. */
function canonical(colour: string): string {
  const code = Number(colour);
  if (colour === "" || Number.isNaN(code)) return colour.replace(/^[34]8;/u, "");
  return `5;${code % 10 + (code >= 90 ? 8 : 0)}`;
}

async function cellsOfTerminal(input: readonly string[]): Promise<Cell[][]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: input.length, allowProposedApi: true });
  await new Promise<void>((resolve) => { terminal.write(`\u001B)0${input.join("\r\n")}`, resolve); });
  const rows = input.map((_, y) => {
    const line = terminal.buffer.active.getLine(y);
    const cells: Cell[] = [];
    for (let x = 0; x < columns; x++) {
      const cell = line?.getCell(x);
      if (cell === undefined || cell.getWidth() === 0) continue;
      cells.push({
        text: cell.getChars() === "" ? " " : cell.getChars(), bold: cell.isBold() !== 0, dim: cell.isDim() !== 0, italic: cell.isItalic() !== 0,
        reverse: cell.isInverse() !== 0,
        foreground: terminalColour(cell.isFgDefault(), cell.isFgPalette(), cell.getFgColor()),
        background: terminalColour(cell.isBgDefault(), cell.isBgPalette(), cell.getBgColor()),
      });
    }
    return trimmed(cells);
  });
  terminal.dispose();
  return rows;
}

function terminalColour(isDefault: boolean, isPalette: boolean, value: number): string {
  if (isDefault) return "";
  return isPalette ? `5;${value}` : `2;${value >> 16 & 255};${value >> 8 & 255};${value & 255}`;
}
